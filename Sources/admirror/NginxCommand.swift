import ArgumentParser
import Program

struct Nginx: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the part of nginx's configuration that follows from the settings.",
        discussion: """
            For the http level: whom nginx trusts. With --server: the site's name and certificates. scripts/run and \
            admirror-setup put them where they belong.
            """
    )

    @Flag(help: "What belongs into the server block.")
    var server = false

    func run() throws {
        try Operator.run {
            let site = NginxSite(try Operator.settings([]).site)
            print(server ? site.listening : site.text, terminator: "")
        }
    }
}
