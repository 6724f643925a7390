import ArgumentParser
import GraphSimulator

/// `1569761797025413:28:190:1500:USD:America/Los_Angeles`
struct SimulatedAccountOption: ExpressibleByArgument {
    let spec: AccountSpec

    init?(argument: String) {
        let pieces = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let counts = pieces.dropFirst().prefix(3).compactMap { Int($0) }
        guard (4...6).contains(pieces.count), counts.count == 3, counts.allSatisfy({ $0 >= 0 }),
            let id = Int(pieces[0]),
            id > 0, pieces.count < 6 || AccountSpec.isKnownTimeZone(pieces[5])
        else { return nil }
        spec = AccountSpec(
            id: String(id),
            name: "Account \(id)",
            currency: pieces.count > 4 ? pieces[4] : "USD",
            timeZone: pieces.count > 5 ? pieces[5] : "America/Los_Angeles",
            campaigns: counts[0],
            adSets: counts[1],
            ads: counts[2]
        )
    }
}
