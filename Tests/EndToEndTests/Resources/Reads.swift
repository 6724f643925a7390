import HTTPMessages
import Testing

extension Stack {
    /// Expects that reads go on: cached ones, new questions, and what is never cached.
    /// - Parameters:
    ///   - cached: what is read again and again, and `body`, its answer.
    ///   - name: of what is wrong meanwhile.
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
