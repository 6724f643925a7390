import ArgumentParser
import Model
import Program
import Store

struct Revalidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the next read of a tag or path come from the database, on every nginx host, within a second.",
        discussion: """
            Syncs do this after every change. Use this command after you changed the database by \
            hand.
            """
                + examples([
                    "admirror revalidate campaigns-act_1569761797025413": "The campaigns of one account.",
                    "admirror revalidate /api/ads": "The ads of all accounts.",
                ])
    )

    @Argument(
        help: """
            A tag, such as campaigns-<account id> (or ad-sets-, ads-, creatives-, insights-, changes-), or a path, such as \
            /api/campaigns, for all accounts.
            """
    )
    var target: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try Operator.run {
            guard let target = RevalidationTarget(target) else {
                throw Exit(
                    ExitStatus.usage,
                    "\(Output.printable(target)) is neither a tag such as campaigns-1234567890 nor a path such as /api/campaigns"
                )
            }
            let store = Operator.store(try Operator.settings())
            var account: AdAccount.ID?
            if let reference = target.reference {
                guard let found = try store.adAccount(reference) else {
                    throw Exit.failed("no such ad account: `admirror account list` lists all")
                }
                account = found.id
            }
            let accounts = try store.revalidate(target.kind, of: account)
            let tags = accounts.map { "\(target.kind.rawValue)-\($0)" }
            guard !json else { return try Output.json(tags) }
            print("\(tags.count) revalidated")
            for tag in tags { print("  \(tag)") }
        }
    }
}
