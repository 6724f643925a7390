import GraphAPI
import SyncEngine
import Testing

/// Advice names the cause behind the codes, and a remedy that helps.
@Suite struct AdviceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: GraphError.Kind
        var status = 400
        let code: Int
        var subcode = 0
        var message = "no"
        var path: String?
        /// Words of the cause and the remedy.
        let has: [String]
        var hasNot: [String] = []

        var testDescription: String { "\(code)/\(subcode) \(message)" }
    }

    private static let connect = "admirror account set-token"

    @Test(
        "each cause has its own advice",
        arguments: [
            Case(kind: .tokenInvalid, code: 190, subcode: 458, has: ["removed the app", connect]),
            Case(kind: .tokenInvalid, code: 190, subcode: 459, has: ["confirm who they are", "sign in at"]),
            Case(kind: .tokenInvalid, code: 190, subcode: 460, has: ["changed the password", connect]),
            Case(kind: .tokenInvalid, code: 190, subcode: 463, has: ["expired", connect]),
            Case(kind: .tokenInvalid, code: 190, subcode: 464, has: ["not confirmed", "sign in at"]),
            Case(kind: .tokenInvalid, code: 190, subcode: 467, has: ["revoked", connect]),
            Case(kind: .tokenInvalid, code: 190, subcode: 492, has: ["no longer has a role", "Business Settings"]),
            Case(kind: .tokenInvalid, code: 190, has: ["no longer accepts the access token", connect]),
            Case(
                kind: .tokenInvalid,
                code: 190,
                message: "Error validating application. Application has been deleted.",
                has: ["the app was deleted", "FACEBOOK_APP_ID"],
                hasNot: [connect]
            ),
            Case(
                kind: .appRefused,
                code: 200,
                message: "API access blocked.",
                has: ["blocked the app's access", "developers.facebook.com/apps"],
                hasNot: ["ads_read", connect]
            ),
            Case(
                kind: .appRefused,
                code: 101,
                has: ["does not know the app", "FACEBOOK_APP_SECRET"],
                hasNot: ["ads_read"]
            ),
            Case(kind: .appRefused, code: 104, has: ["proof of the app's secret", "FACEBOOK_APP_SECRET"]),
            Case(
                kind: .appRefused,
                code: 100,
                message: "Invalid appsecret_proof provided in the API argument",
                has: ["FACEBOOK_APP_SECRET"]
            ),
            Case(
                kind: .permissionMissing,
                code: 200,
                message: "(#200) Ad account owner has NOT grant ads_management or ads_read permission",
                has: ["ads_read", "Business Settings", connect],
                hasNot: ["ads_management"]
            ),
            Case(
                kind: .permissionMissing,
                code: 200,
                message: "(#200) Requires business_management permission",
                has: ["business_management"],
                hasNot: ["ads_read"]
            ),
            Case(kind: .permissionMissing, code: 294, has: ["ads_management"], hasNot: ["ads_read"]),
            Case(kind: .permissionMissing, code: 272, has: ["no role on this ad account"]),
            Case(kind: .permissionMissing, code: 10, has: ["ads_read", connect]),
            Case(kind: .permissionMissing, code: 100, subcode: 3_191_001, has: ["View performance"]),
            Case(kind: .rateLimited(.app, seconds: 3600), code: 368, has: ["policies", "accountquality"]),
            Case(kind: .rateLimited(.app, seconds: 300), code: 4, has: ["all calls of the app"], hasNot: ["policies"]),
            Case(kind: .versionExpired(nil), code: 2635, has: ["no longer serves", "FACEBOOK_API_VERSION"]),
            Case(kind: .objectUnreadable, code: 100, subcode: 2_446_289, path: "act_1/ads", has: ["creative of an ad"]),
            Case(
                kind: .objectUnreadable,
                code: 100,
                subcode: 2_446_289,
                path: "act_1/adsets",
                has: ["one of the requested objects"],
                hasNot: ["creative"]
            ),
            Case(kind: .notFound, code: 100, subcode: 33, has: ["does not show this ad account"]),
            Case(kind: .fieldRefused(["adset_id"]), code: 100, has: ["adset_id"]),
            Case(kind: .rejected, code: 3018, has: ["INSIGHTS_HISTORY_DAYS"]),
            Case(kind: .transient, code: 2, has: ["isn't responding"]),
            Case(
                kind: .transient,
                code: 0,
                has: ["without a reason", "proxies and firewalls"],
                hasNot: ["ads_read", "permission", connect]
            ),
            Case(kind: .transient, status: 200, code: 0, has: ["response is unusable"], hasNot: ["isn't responding"]),
            Case(kind: .unknown, code: 99_999, has: ["refused a request"]),
        ]
    )
    func advice(_ example: Case) {
        var error = GraphError(
            kind: example.kind,
            status: example.status,
            code: example.code,
            subcode: example.subcode,
            message: example.message
        )
        error.path = example.path
        let advice = Advice.on(error)
        let text = "\(advice.cause). \(advice.remedy)"
        for words in example.has { #expect(text.contains(words)) }
        for words in example.hasNot { #expect(!text.contains(words)) }
        #expect(!advice.cause.hasSuffix(".") && advice.remedy.hasSuffix("."))
    }
}
