import Testing

@testable import Endpoints

@Suite struct RouteTests {
    @Test("all routes of a path have the same logging rule, and each path has one caching class")
    func paths() {
        for routes in Route.byPath.values {
            #expect(Set(routes.map { "\($0.logging)" }).count == 1, "\(routes[0].path)")
            let isCached = routes.map { if case .read = $0.handler { true } else { false } }
            #expect(!isCached.contains(true) || routes.count == 1, "\(routes[0].path)")
        }
    }

    @Test("each read has an authorization route, and only these are internal")
    func authorizations() {
        var reads: [String] = []
        var authorizations: [String] = []
        for route in Route.all {
            switch route.handler {
            case .read: reads.append("/_authorize\(route.path)")
            case .authorize: authorizations.append(route.path)
            case .whole: break
            }
        }
        #expect(reads == authorizations)
        #expect(Set(Route.pathsOfServer.map(\.path)) == Set(Route.all.map(\.path)).subtracting(authorizations))
    }
}
