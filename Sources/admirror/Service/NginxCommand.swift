import ArgumentParser
import Program

struct Nginx: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the part of nginx's configuration that follows from the settings.",
        discussion: """
            For the http level: trusted proxies and maps. With --server: the site's name and certificates. scripts/run and \
            admirror-setup install both.
            """
    )

    @Flag(help: "Print the part for the server block.")
    var server = false

    func run() throws {
        try Operator.run {
            let site = NginxSite(try Operator.settings([]).site)
            print(server ? site.listening : site.text, terminator: "")
        }
    }
}
