import Foundation
import Program
import Testing

@Suite struct ReadmeTests {
    @Test("lines of Markdown files have at most 120 characters")
    func lineLengths() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = try #require(
            FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
        )
        var count = 0
        for case let page as URL in files where page.pathExtension == "md" {
            count += 1
            let lines = try String(contentsOf: page, encoding: .utf8).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            for (index, line) in lines.enumerated() where line.count > 120 {
                Issue.record("\(page.path):\(index + 1) has \(line.count) characters")
            }
        }
        #expect(count >= 3)
    }
    @Test("every link in the pages leads to an existing file or heading")
    func links() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        func headings(_ page: URL) throws -> Set<String> {
            let text = try String(contentsOf: page, encoding: .utf8)
            return Set(
                text.matches(of: /^#{2,4} (.+)$/.anchorsMatchLineEndings()).map { match in
                    match.output.1.lowercased().filter { $0.isLetter || $0.isNumber || " -".contains($0) }
                        .replacing(" ", with: "-")
                }
            )
        }
        for name in ["README.md", "scripts/README.md", "Sources/README.md"] {
            let page = root.appending(path: name)
            let text = try String(contentsOf: page, encoding: .utf8)
            let links = text.matches(of: /\]\(([^):#]*)(?:#([^)]+))?\)/)
            #expect(links.count > 1, "\(name)")
            for link in links {
                let target =
                    link.output.1.isEmpty
                    ? page : URL(filePath: String(link.output.1), relativeTo: page).standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: target.path), "\(name): \(link.output.0)")
                if let anchor = link.output.2 {
                    #expect(try headings(target).contains(String(anchor)), "\(name): \(link.output.0)")
                }
            }
        }
    }

    @Test("the code map follows a read through 18 files at most, and each of them exists")
    func codeMap() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "Sources/README.md"), encoding: .utf8)
        let part = try #require(page.firstMatch(of: /(?s)\*\*A read\*\*(.*?)\*\*A sync\*\*/)).output.1
        let files = part.matches(of: /^\d+\. `([^`]+)`/.anchorsMatchLineEndings()).map { String($0.output.1) }
        #expect((10...18).contains(files.count))
        for file in files {
            let path = file.hasPrefix("nginx/") ? file : "Sources/\(file)"
            #expect(FileManager.default.fileExists(atPath: root.appending(path: path).path), "\(file)")
        }
    }

    @Test("the code map follows a sync through 24 files at most, and each of them exists")
    func codeMapOfSyncs() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "Sources/README.md"), encoding: .utf8)
        let part = try #require(page.firstMatch(of: /(?s)### One sync, file by file(.*?)\n###/)).output.1
        let rows = part.split(separator: "\n").filter { $0.hasPrefix("|") }.joined()
        let files = rows.matches(of: /`([^`]+)`/).map { String($0.output.1) }
        #expect((10...24).contains(files.count))
        for file in files {
            let path = root.appending(path: "Sources/\(file)").path
            #expect(FileManager.default.fileExists(atPath: path), "\(file)")
        }
    }

    @Test("README's table has every setting, with its default, and no other")
    func settings() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let rows = readme.matches(of: /^\| ((?:`[A-Z_]+`(?:, )?)+) \| .+ \| (.+) \|$/.anchorsMatchLineEndings())
        let listed = rows.flatMap { row in
            row.output.1.split(separator: ", ").map { (name: String($0.filter { $0 != "`" }), standard: row.output.2) }
        }.filter { $0.name.contains("_") || $0.name == "PORT" || $0.name == "RESPONDERS" }
        #expect(listed.map(\.name).sorted() == Setting.all.map(\.name).sorted())
        for setting in Setting.all {
            guard let standard = setting.standard else { continue }
            #expect(listed.contains { $0.name == setting.name && $0.standard.contains(standard) }, "\(setting.name)")
        }
    }
}
