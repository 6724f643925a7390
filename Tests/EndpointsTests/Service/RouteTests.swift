import Testing

@testable import Endpoints

@Suite struct RouteTests {
    @Test("each path occurs once, with one caching class and each method once")
    func paths() {
        #expect(Set(RoutePath.all.map(\.path)).count == RoutePath.all.count)
        for path in RoutePath.all {
            let isCached = path.routes.map { if case .read = $0.handler { true } else { false } }
            #expect(!isCached.contains(true) || path.routes.count == 1, "\(path.path)")
            #expect(Set(path.routes.map(\.method)).count == path.routes.count, "\(path.path)")
        }
    }

    @Test("each read has an authorization route, and only these are internal")
    func authorizations() {
        var reads: [String] = []
        var authorizations: [String] = []
        for path in RoutePath.all {
            for route in path.routes {
                switch route.handler {
                case .read, .picture: reads.append("/_authorize\(path.path)")
                case .authorize, .authorizePicture: authorizations.append(path.path)
                case .whole: break
                }
            }
        }
        #expect(reads == authorizations)
        #expect(Set(RoutePath.pathsOfServer.map(\.path)) == Set(RoutePath.all.map(\.path)).subtracting(authorizations))
    }
}
