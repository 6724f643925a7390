import HTTPMessages
import Testing

extension Stack {
    /// Expects that reads continue: cached ones, new queries, and routes that are never cached.
    /// - Parameters:
    /// - cached: the repeated request, and `body`, its response.
    /// - name: the name of the fault in force.
    func expectReads(_ cached: String, _ body: [UInt8], _ name: String) {
        var failures: [String] = []
        for round in 0..<40 {
            let fresh = "/api/ads?adAccountId=\(Stack.euros)&q=\(round % 20)-\(name.count)"
            for target in [cached, fresh, "/api/ad-accounts", "/api/sync/status?adAccountId=\(Stack.yen)"] {
                do {
                    let answer = try send("GET", target)
                    if answer.status != 200 || target == cached && answer.body != body {
                        failures.append("\(target): \(answer.status) \(answer.text.prefix(200))")
                    }
                } catch {
                    failures.append("\(target): \(error)")
                }
            }
        }
        #expect(failures.isEmpty, "\(name): \(failures.count) of 160 reads failed, such as \(failures.first ?? "")")
    }
}
