import ArgumentParser
import Model
import Program
import Store

extension Account {
    struct SetConversion: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-conversion",
            abstract: "Choose what an ad account counts as conversions.",
            discussion: "The fields conversions and cost_per_conversion have this event from then on."
                + examples([
                    "admirror account set-conversion act_1569761797025413 leads": "Count leads.",
                    "admirror account set-conversion act_1569761797025413 purchases": "Count purchases again.",
                ])
        )

        @Argument(help: "AdMirror's id of the account, or Facebook's with or without act_.")
        var id: String

        @Argument(help: "\(ConversionEvent.names.joined(separator: ", ")), or conversion:<id>.")
        var event: String

        func run() throws {
            try Operator.run {
                let chosen = ConversionEvent(event)
                guard chosen != nil || event == ConversionEvent.standard else {
                    throw Exit(
                        ExitStatus.usage,
                        "\(event) is not an event: use conversion:<id> or one of \(ConversionEvent.names.joined(separator: ", "))"
                    )
                }
                let store = Operator.store(try Operator.settings())
                let account = try store.requireAccount(id)
                if try store.setConversionEvent(chosen, of: account.id) {
                    try store.note(.conversionEventSet, by: Operator.name, account: account.facebookID, event)
                }
                print("act_\(account.facebookID) counts \(event) as conversions")
            }
        }
    }
}
