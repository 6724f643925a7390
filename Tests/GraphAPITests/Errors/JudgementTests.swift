import HTTPMessages
import Testing

@testable import GraphAPI

@Suite struct JudgementTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var code: Int
        var subcode = 0
        var status = 400
        var isTransient = false
        var message = "no"
        let kind: GraphError.Kind

        init(
            _ code: Int,
            _ subcode: Int = 0,
            status: Int = 400,
            isTransient: Bool = false,
            message: String = "no",
            is kind: GraphError.Kind
        ) {
            self.code = code
            self.subcode = subcode
            self.status = status
            self.isTransient = isTransient
            self.message = message
            self.kind = kind
        }

        var testDescription: String { "\(code)/\(subcode) \(status) \(message)" }
    }

    @Test(
        "code and subcode decide an error's kind",
        arguments: [
            Case(1, status: 500, is: .transient), Case(1, is: .transient), Case(1, 99, status: 500, is: .transient),
            Case(1, 2_853_001, is: .rejected), Case(2, status: 503, is: .transient),
            Case(2, 1_504_038, is: .tooSlow),
            Case(2, 1_504_041, is: .rejected), Case(2, 1_504_042, is: .rejected), Case(2, 1_504_043, is: .transient),
            Case(3, is: .fieldRefused([])), Case(4, is: .rateLimited(.app, seconds: 300)),
            Case(4, 1_504_022, is: .rateLimited(.appInsights, seconds: 300)),
            Case(4, status: 403, is: .rateLimited(.app, seconds: 300)), Case(10, is: .permissionMissing),
            Case(10, status: 403, is: .permissionMissing),
            Case(17, 2_446_079, is: .rateLimited(.account, seconds: 300)),
            Case(32, is: .rateLimited(.account, seconds: 300)), Case(100, is: .rejected), Case(100, 33, is: .notFound),
            Case(100, 1_487_534, is: .tooMuchData), Case(100, 1_504_018, is: .tooSlow),
            Case(102, is: .tokenInvalid),
            Case(104, is: .appRefused), Case(190, is: .tokenInvalid), Case(190, 463, status: 401, is: .tokenInvalid),
            Case(190, 460, is: .tokenInvalid), Case(200, status: 403, is: .permissionMissing),
            Case(299, is: .permissionMissing),
            Case(300, is: .unknown), Case(341, is: .rateLimited(.app, seconds: 300)),
            Case(368, is: .rateLimited(.app, seconds: 3600)),
            Case(613, 1_487_742, is: .rateLimited(.account, seconds: 300)),
            Case(613, is: .rateLimited(.account, seconds: 300)),
            Case(803, status: 404, is: .notFound), Case(960, is: .transient), Case(2500, is: .rejected),
            Case(2635, is: .versionExpired(nil)),
            Case(3018, is: .rejected), Case(80_000, 2_446_079, is: .rateLimited(.insights, seconds: 300)),
            Case(80_004, is: .rateLimited(.management, seconds: 300)),
            Case(80_099, is: .rateLimited(.account, seconds: 300)),
            Case(80_100, is: .unknown), Case(0, is: .unknown), Case(0, status: 500, is: .transient),
            Case(99_999, isTransient: true, is: .transient), Case(99_999, status: 200, is: .unknown),
            Case(100, 3_191_001, is: .permissionMissing), Case(100, 2_446_211, is: .objectUnreadable),
            Case(200, 4_841_013, status: 403, is: .rateLimited(.account, seconds: 3600)),
            Case(
                100,
                message: "(#100) Tried accessing nonexisting field (bid_amount) on node type (AdSet)",
                is: .fieldRefused(["bid_amount"])
            ),
            Case(
                100,
                message: "(#100) reach is not valid for fields param. please check",
                is: .fieldRefused(["reach"])
            ),
            Case(
                2635,
                message: "(#2635) You are calling a deprecated version of the Ads API. Please update to the latest "
                    + "version: v25.0",
                is: .versionExpired("v25.0")
            ),
            Case(100, message: "(#100) Cannot include spend in summary param because …", is: .transient),
            // A dead token stays dead, whatever else the response contains.
            Case(190, status: 500, isTransient: true, is: .tokenInvalid),
            Case(
                1,
                status: 500,
                message: "Please reduce the amount of data you're asking for, then retry your request",
                is: .tooMuchData
            ),
            Case(100, message: "PLEASE REDUCE THE AMOUNT OF DATA", is: .tooMuchData),
            Case(1, 99, is: .transient), Case(2, isTransient: true, is: .transient),
            Case(2, status: 500, is: .transient),
            Case(2, 1_504_044, is: .transient),
            Case(3, message: "(#3) App must be on whitelist", is: .fieldRefused([])),
            Case(4, 1_504_039, is: .rateLimited(.appInsights, seconds: 300)),
            Case(17, 1_885_172, is: .rateLimited(.account, seconds: 300)),
            Case(17, 2_446_079, status: 403, is: .rateLimited(.account, seconds: 300)),
            Case(100, 2_446_289, is: .objectUnreadable), Case(100, 1_443_048, is: .objectUnreadable),
            Case(100, status: 500, is: .transient), Case(100, isTransient: true, is: .transient),
            Case(102, status: 401, is: .tokenInvalid), Case(104, status: 500, is: .transient),
            Case(190, 458, is: .tokenInvalid), Case(190, 459, is: .tokenInvalid), Case(190, 464, is: .tokenInvalid),
            Case(190, 467, is: .tokenInvalid), Case(190, 492, is: .tokenInvalid),
            Case(200, is: .permissionMissing), Case(272, status: 403, is: .permissionMissing), Case(199, is: .unknown),
            Case(613, 1996, is: .rateLimited(.account, seconds: 300)),
            Case(613, 4_841_018, is: .rateLimited(.account, seconds: 3600)),
            Case(613, 5_044_001, is: .rateLimited(.account, seconds: 300)),
            Case(613, 1_487_632, is: .rateLimited(.account, seconds: 300)),
            Case(613, 1_487_225, is: .rateLimited(.account, seconds: 300)),
            Case(803, is: .notFound), Case(2642, is: .cursorInvalid),
            Case(80_003, 2_446_079, is: .rateLimited(.account, seconds: 300)),
            Case(80_001, is: .rateLimited(.account, seconds: 300)),
            Case(80_002, is: .rateLimited(.account, seconds: 300)),
            Case(80_005, is: .rateLimited(.account, seconds: 300)),
            Case(80_006, is: .rateLimited(.account, seconds: 300)),
            Case(80_008, is: .rateLimited(.account, seconds: 300)),
            Case(80_009, is: .rateLimited(.account, seconds: 300)),
            Case(80_014, is: .rateLimited(.account, seconds: 300)), Case(79_999, is: .unknown),
            Case(12, message: "(#12) bid_info field is deprecated for versions v23.0", is: .fieldRefused(["bid_info"])),
            Case(200, status: 403, message: "API access blocked.", is: .appRefused), Case(101, is: .appRefused),
            Case(100, message: "Invalid appsecret_proof provided in the API argument", is: .appRefused),
            Case(2500, message: "An active access token must be used to query information", is: .tokenInvalid),
            Case(10, message: "(#10) The field 'owner' requires business_management", is: .fieldRefused(["owner"])),
            Case(-1, is: .transient), Case(-2, 2_490_547, is: .transient), Case(-3, 1_504_045, is: .tooMuchData),
            Case(
                2635,
                message: "(#2635) v23.0 is deprecated; the latest version is v26.0",
                is: .versionExpired("v26.0")
            ),
            Case(100, message: "(#100) Filtering field 'x' is not supported", is: .rejected),
            Case(2500, message: "Syntax error \"Expected end of string instead of \"s\".\"", is: .rejected),
        ]
    )
    func judged(_ example: Case) {
        var facts = ErrorFacts()
        facts.code = example.code
        facts.subcode = example.subcode == 0 ? nil : example.subcode
        facts.isTransient = example.isTransient
        facts.message = example.message
        #expect(GraphError.Kind.judge(facts, status: example.status) == example.kind)
    }

    @Test(
        "a rate limit lasts as long as the headers report, and five minutes at least",
        arguments: [(nil, 300), (0, 300), (60, 300), (300, 300), (420, 420), (86_400, 86_400)] as [(Double?, Double)]
    )
    func regain(reported: Double?, seconds: Double) {
        for (code, quota) in [(4, Quota.app), (17, .account), (80_000, .insights)] {
            var facts = ErrorFacts()
            facts.code = code
            #expect(
                GraphError.Kind.judge(facts, status: 400, regain: reported) == .rateLimited(quota, seconds: seconds)
            )
            let kind = GraphError.Kind.judge(facts, status: 400, retryAfter: reported)
            #expect(kind == .rateLimited(quota, seconds: seconds))
        }
    }

    @Test(
        "the usage headers state a block's length: in minutes per use case, in seconds per account",
        arguments: [
            ([:], nil),
            (["x-business-use-case-usage": entry("1", 7)], 420),
            (["X-Business-Use-Case-Usage": entry("1", 0)], nil),
            (["x-business-use-case-usage": #"{"1":[\#(block(3)),\#(block(9))],"2":[\#(block(50))]}"#], 540),
            (["x-business-use-case-usage": #"{"1":[{"type":"ads_insights","call_count":2}]}"#], nil),
            (["x-business-use-case-usage": entry("1", 100_000)], 86_400),
            (["x-business-use-case-usage": entry("2", 60)], nil),
            (["x-business-use-case-usage": entry("act_1", 6)], 360),
            (["x-business-use-case-usage": "not json"], nil),
            (["x-business-use-case-usage": "[]"], nil),
            (["x-ad-account-usage": #"{"acc_id_util_pct":100,"reset_time_duration":90}"#], 90),
            (["x-ad-account-usage": #"{"acc_id_util_pct":9.67,"reset_time_duration":100}"#], nil),
            (["x-ad-account-usage": #"{"acc_id_util_pct":100}"#], nil),
            (
                [
                    "x-business-use-case-usage": entry("1", 2),
                    "x-ad-account-usage": #"{"acc_id_util_pct":100,"reset_time_duration":900}"#,
                ], 900
            ),
        ] as [([String: String], Double?)]
    )
    func usage(fields: [String: String], seconds: Double?) {
        var headers = HTTPHeaders()
        for (name, value) in fields { headers.add(name, value) }
        #expect(Usage.secondsToRegain(headers, account: "1") == seconds)
    }
}

private func block(_ minutes: Int) -> String { #"{"estimated_time_to_regain_access":\#(minutes)}"# }
private func entry(_ account: String, _ minutes: Int) -> String { #"{"\#(account)":[\#(block(minutes))]}"# }
