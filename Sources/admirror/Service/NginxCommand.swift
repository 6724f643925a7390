import ArgumentParser
import Endpoints
import FoundationEssentials
import Program

struct Nginx: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nginx",
        abstract: "Print the part of nginx's configuration that follows from the settings.",
        discussion: """
            For the http level: trusted proxies and maps. With --server: the site's name and certificates. With --into: \
            both, and what follows from AdMirror's routes, as files. scripts/run and admirror-setup install these.
            """
    )

    @Flag(help: "Print the part for the server block.")
    var server = false

    @Option(help: "Write all generated files to this folder.", completion: .directory)
    var into: String?

    func validate() throws {
        guard !server || into == nil else { throw ValidationError("Use either --server or --into.") }
    }

    func run() throws {
        try Operator.run {
            let site = NginxSite(try Operator.settings([]).site)
            guard let into else { return print(server ? site.listening : site.text, terminator: "") }
            try write(site.text, to: "\(into)/site.conf")
            try write(site.listening, to: "\(into)/listening.conf")
            for snippet in NginxSnippet.all { try write(snippet.text, to: "\(into)/\(snippet.name)") }
        }
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw Exit.failed("cannot write \(path): \(error)")
        }
    }
}
