import Model
import Program
import Store

/// What ads show, and how much space their pictures need.
struct PictureCheck: Check {
    let area = "pictures"
    let settings: Settings
    let store: Store

    func look() throws -> [Finding] {
        let accounts = try store.adAccounts()
        var findings: [Finding] = []
        var size = 0
        for row in accounts {
            let figures = try store.creativeFigures(of: row.account.id)
            size += figures.size
            // Some pictures are always missing. That many mean that Facebook's hosts cannot be reached.
            guard let error = figures.error, figures.failed * 2 > figures.total,
                figures.size < settings.picturesMB << 20
            else { continue }
            findings.append(
                warning(
                    "act_\(row.account.facebookID): \(figures.failed) of \(figures.total) creatives or pictures are missing: "
                        + error,
                    "look at the error; AdMirror retries several times by itself"
                )
            )
        }
        guard findings.isEmpty else { return findings }
        let megabytes = (size + 1 << 20 - 1) >> 20
        return [
            ok(
                "\(megabytes) MB of pictures are stored; each ad account keeps at most \(settings.picturesMB) MB (PICTURES_MB)"
            )
        ]
    }
}
