import ArgumentParser
import Program

struct ShowSettings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Show the settings in force, with secrets masked, and problems with them."
    )

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print only the names of all settings.")
    var names = false

    private struct Line: Encodable {
        let name: String
        let value: String?
        let isDefault: Bool
        let meaning: String
    }

    func run() throws {
        if names { return print(Setting.all.map(\.name).joined(separator: "\n")) }
        try Operator.run {
            let environment = processEnvironment()
            var reader = SettingsReader(environment: environment)
            let lines = Setting.all.map { setting in
                Line(
                    name: setting.name,
                    value: reader.text(setting).map(setting.shown),
                    isDefault: !reader.isGiven(setting),
                    meaning: setting.meaning
                )
            }
            if json {
                try Output.json(lines)
            } else {
                Output.table(
                    ["SETTING", "VALUE", "MEANING"],
                    lines.map {
                        [
                            $0.name, ($0.value ?? "-") + ($0.isDefault && $0.value != nil ? " (default)" : ""),
                            $0.meaning,
                        ]
                    }
                )
            }
            _ = try Settings(environment: environment, requiring: [.database, .tokenEncryptionKey])
        }
    }
}
