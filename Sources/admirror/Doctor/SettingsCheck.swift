import Program

/// Settings that are valid and still unwise. (Those that are not valid end every command.)
struct SettingsCheck: Check {
    let area = "settings"
    let settings: Settings
    let environment: [String: String]

    func look() -> [Finding] {
        var findings: [Finding] = []
        for setting in Setting.all {
            if setting.isSecret, environment[setting.name].map({ !$0.isEmpty }) ?? false {
                findings.append(
                    warning(
                        "\(setting.name) is in the environment, which processes of the same user can read",
                        "write it to a file of mode 0600, and set \(setting.name)_FILE to the file's name"
                    )
                )
            }
            if setting.isSecret, let file = environment["\(setting.name)_FILE"], Host.isReadableByAll(file) {
                findings.append(problem("every user of this host can read \(file)", run: "chmod o-rwx '\(file)'"))
            }
        }
        if settings.facebookAppID == nil {
            findings.append(
                warning(
                    "no Facebook app is set: calls are not signed, people cannot connect accounts in the browser, and tokens "
                        + "expire after hours",
                    "set FACEBOOK_APP_ID and FACEBOOK_APP_SECRET"
                )
            )
        }
        return findings.isEmpty ? [ok("all are valid")] : findings
    }
}
