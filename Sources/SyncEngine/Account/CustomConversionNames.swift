internal import GraphAPI
internal import Model
internal import Store

/// Reads the names of the account's custom conversions, at most once a day, or when an ad has one that is not known.
struct CustomConversionNames {
    let access: GraphAccess

    /// Never fails a sync: what goes wrong is a warning.
    /// - Parameter isFirst: whether to read them only if they were never read, or only if they were; `nil` for both.
    func perform(isFirst: Bool? = nil) throws {
        let account = access.run.account
        guard try access.store.needsCustomConversions(of: account.id, isFirst: isFirst) else { return }
        var all: [CustomConversion] = []
        do {
            try access.read([
                GraphClient.customConversions(
                    account,
                    page: { page in
                        all += page.values
                        access.journal.note(page.defects)
                    },
                    restarted: { all = [] }
                )
            ])
            try access.store.note(all, of: account.id)
        } catch let error as GraphError {
            // History waits for the end of a limit by itself.
            if isFirst == true, case .rateLimited = error.kind { throw error }
            access.journal.warn("The names of the custom conversions could not be read: \(error)")
            try access.store.note(nil as [CustomConversion]?, of: account.id)
        }
    }
}
