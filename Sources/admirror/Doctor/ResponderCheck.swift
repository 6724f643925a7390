import HTTPClient
import HTTPMessages
import Program

/// The responders, by way of nginx.
struct ResponderCheck: Check {
    let area = "responders"
    let settings: Settings

    func look() -> [Finding] {
        let count = Host.processes(of: "admirror-responder").count
        guard count > 0 else {
            return [problem("none runs on this host", "systemctl start admirror.target, or scripts/run")]
        }
        var findings: [Finding] = []
        if let wanted = settings.responders, count < wanted {
            findings.append(warning("\(count) run on this host, of \(wanted) that are set", "see their log"))
        } else {
            findings.append(ok("\(count) run on this host"))
        }
        let address = "http://127.0.0.1:\(settings.port)/readyz"
        do {
            var limits = HTTPClient.Limits()
            limits.exchange = 5
            let began = secondsSince1970()
            let response = try HTTPClient(baseURL: "http://127.0.0.1:\(settings.port)", limits: limits)
                .send(HTTPRequest(path: "/readyz"))
            let milliseconds = Int(((secondsSince1970() - began) * 1000).rounded(.up))
            if response.status != 200 {
                let mend = "see the log of the responders, and nginx's error log"
                findings.append(problem("\(address) answers \(response.status)", mend))
            } else if response.body != Array(#"{"ok":true}"#.utf8) {
                findings.append(
                    problem(
                        "another program answers at \(address)",
                        "compare PORT (admirror settings) with nginx's listen"
                    )
                )
            } else {
                findings.append(ok("\(address) answers in \(milliseconds) ms"))
            }
        } catch {
            findings.append(
                problem("\(address) does not answer: \(error)", "start nginx, and compare PORT (admirror settings)")
            )
        }
        return findings
    }
}
