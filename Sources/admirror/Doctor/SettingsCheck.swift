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
                        "\(setting.name) stands in the environment, which others of the same user can read",
                        "put it into a file of mode 0600, and set \(setting.name)_FILE to its name"
                    )
                )
            }
            if setting.isSecret, let file = environment["\(setting.name)_FILE"], Host.isReadableByAll(file) {
                findings.append(problem("everybody on this host can read \(file)", run: "chmod o-rwx '\(file)'"))
            }
        }
        if settings.facebookAppID == nil {
            findings.append(
                warning(
                    "there is no Facebook app: calls are not signed, nobody can connect accounts in the browser, and tokens "
                        + "end after hours",
                    "set FACEBOOK_APP_ID and FACEBOOK_APP_SECRET"
                )
            )
        }
        return findings.isEmpty ? [ok("all are valid")] : findings
    }
}
