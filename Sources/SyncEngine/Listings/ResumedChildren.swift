internal import GraphAPI
internal import Model
internal import Store

/// Reads the children of resumed campaigns and ad sets again.
///
/// While a parent was stopped, Facebook reported the parent's status for its children. What they are once it runs again,
/// active, under review or with issues, only Facebook knows, and it does not list them among the updated objects.
struct ResumedChildren {
    let again: ObjectsAgain

    /// Stages these children once more, after all lists of objects were read and before they are committed.
    /// - Parameter failed: called with the level of children that could not be read.
    func readings(failed: @escaping (Level) -> Void) throws -> [any GraphReading] {
        let access = again.access
        return try access.store.resumedParents(of: access.run.account.id).flatMap { resumed in
            try again.readings(of: resumed.children, by: resumed.level, ids: resumed.ids).map { reading in
                try DividedReading(
                    whole: reading,
                    failed: { error in
                        failed(resumed.children)
                        access.journal.warn(
                            "The effective status of some \(resumed.children.plural) could not be read: \(error)"
                        )
                    }
                )
            }
        }
    }
}
