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
            findings.append(warning("\(count) of \(wanted) run on this host", "see the responders' log"))
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
                let mend = "see the responders' log, and nginx's error log"
                findings.append(problem("\(address) answers \(response.status)", mend))
            } else if response.body != Array(#"{"ok":true}"#.utf8) {
                findings.append(
                    problem(
                        "another program responds at \(address)",
                        "compare PORT (admirror settings) with nginx's listen directive"
                    )
                )
            } else {
                findings.append(ok("\(address) responds in \(milliseconds) ms"))
            }
        } catch {
            findings.append(
                problem("\(address) does not respond: \(error)", "start nginx, and check PORT (admirror settings)")
            )
        }
        return findings
    }
}
