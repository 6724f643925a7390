import Endpoints
import Foundation
import HTTPMessages
import Model
import Store
import TestSupport
import Testing

@Suite struct MetricsTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func ask(from address: String, headers: HTTPHeaders = [:], of endpoints: Endpoints? = nil) -> HTTPResponse {
        var request = HTTPRequest(path: "/metrics", headers: headers)
        if headers["Host"] == nil { request.headers.add("Host", "127.0.0.1:8080") }
        request.clientAddress = address
        return (endpoints ?? bench.endpoints).answer(request)
    }

    /// The value of a line whose name may have labels.
    private func value(_ name: String) throws -> Double {
        let response = ask(from: "127.0.0.1")
        let line = try #require(
            response.text.split(separator: "\n").first { $0.hasPrefix("\(name) ") },
            "no \(name) in\n\(response.text)"
        )
        return try #require(Double(line.split(separator: " ").last ?? ""))
    }

    @Test("requests from this host need no access token; other hosts and requests through a proxy do")
    func access() throws {
        for address in ["127.0.0.1", "::1"] {
            let response = ask(from: address)
            #expect(response.status == 200)
            #expect(response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(response.headers["Cache-Control"] == "no-store")
            for header in ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"] {
                #expect(
                    isError(ask(from: address, headers: [header: "x"]), 401, "AUTHENTICATION_REQUIRED"),
                    "\(header)"
                )
            }
        }
        for host in ["[::1]", "localhost:9090"] { #expect(ask(from: "::1", headers: ["Host": host]).status == 200) }
        // A page whose name resolves to this host.
        for host in ["evil.example.com", "127.0.0.1.example.com", "", "localhostess"] {
            #expect(isError(ask(from: "127.0.0.1", headers: ["Host": host]), 401, "AUTHENTICATION_REQUIRED"), "\(host)")
        }
        for address in ["", "10.0.0.1", "127.0.0.1.example.com", "::ffff:127.0.0.1"] {
            #expect(isError(ask(from: address), 401, "AUTHENTICATION_REQUIRED"), "\(address)")
            #expect(isError(ask(from: address, headers: ["Authorization": "Bearer adm_x"]), 401, "TOKEN_INVALID"))
            #expect(ask(from: address, headers: bench.bearer).status == 200)
        }
    }

    @Test("every declared metric is returned with its help and kind, and no other")
    func complete() throws {
        try bench.sql(
            """
            INSERT INTO api_usage (app_id, facebook_account_id, quota, percent, observed_at)
            VALUES ('', '1', 'ads_insights', 40, now());
            INSERT INTO facebook_tokens (hash, expires_at) VALUES (sha256('t'), now() + interval '3 days');
            UPDATE ad_accounts SET facebook_token_hash = sha256('t');
            INSERT INTO last_done (what) VALUES ('cron');
            INSERT INTO graph_versions (app_id, configured, accepted, since, checked_at, reason, ends_on)
            VALUES ('', 'v23.0', 'v25.0', now(), now(), 'named', current_date + 80)
                ON CONFLICT (app_id) DO UPDATE SET accepted = 'v25.0', ends_on = excluded.ends_on;
            """
        )
        let text = ask(from: "127.0.0.1").text
        let described = text.matches(of: /# HELP (\S+) (.+)\n# TYPE (\S+) (\S+)\n/)
        #expect(described.map { String($0.output.1) }.sorted() == ServiceMetric.all.map(\.name).sorted())
        for match in described {
            let metric = try #require(ServiceMetric.all.first { $0.name == match.output.1 })
            #expect(match.output.2 == metric.help)
            #expect(match.output.3 == metric.name)
            #expect(match.output.4 == metric.kind.rawValue)
            #expect(metric.help.hasSuffix(".") && !metric.help.contains("\n"))
        }
        #expect(text.hasSuffix("\n"))
        #expect(!text.contains(bench.sample.facebookID) && !text.contains(bench.id) && !text.contains("Sample"))
    }

    @Test("README lists every metric with its kind and no other; alerts and dashboard use only existing metrics")
    func documents() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "scripts/README.md"), encoding: .utf8)
        let rows = readme.matches(
            of: /^\| `(admirror_[a-z_]+)(?:\{[a-z, ]+\})?` \| ([a-z]+) \|/.anchorsMatchLineEndings()
        )
        #expect(
            Set(rows.map { "\($0.output.1) \($0.output.2)" })
                == Set(ServiceMetric.all.map { "\($0.name) \($0.kind.rawValue)" })
        )
        #expect(rows.count == ServiceMetric.all.count)
        for file in ["alerts.yml", "grafana.json"] {
            let text = try String(contentsOf: root.appending(path: "scripts/monitoring/\(file)"), encoding: .utf8)
            let names = Set(text.matches(of: /admirror_[a-z_]+/).map { String($0.output) })
            #expect(names.count > 5)
            for name in names {
                let isKnown = ServiceMetric.all.contains { metric in
                    name == metric.name
                        || metric.kind == .summary && ["\(metric.name)_sum", "\(metric.name)_count"].contains(name)
                }
                #expect(isKnown, "\(file): \(name)")
            }
        }
        let dashboard = try Data(contentsOf: root.appending(path: "scripts/monitoring/grafana.json"))
        #expect(!JSON(Array(dashboard))["panels"].list.isEmpty)
    }

    @Test("accounts are counted by the age of their data, by hold reason, and by fault")
    func accounts() throws {
        for number in 1...3 {
            _ = try bench.sample.store.addAdAccount(
                facebookID: "\(number)",
                name: "",
                token: StoredToken(bytes: [1], keyID: "key")
            )
        }
        try bench.sql(
            """
            UPDATE ad_accounts SET last_synced_at = now() - interval '2 hours', sync_status = 'error', sync_error = 'x',
                held_reason = 'RETRY_LATER', held_until = now() + interval '1 hour' WHERE facebook_account_id = '1';
            UPDATE ad_accounts SET facebook_token = NULL, facebook_token_key_id = NULL WHERE facebook_account_id = '2';
            """
        )
        #expect(try value(#"admirror_ad_accounts{state="fresh"}"#) == 1)
        #expect(try value(#"admirror_ad_accounts{state="stale"}"#) == 1)
        #expect(try value(#"admirror_ad_accounts{state="never_synced"}"#) == 2)
        #expect(try value("admirror_ad_accounts_failed") == 1)
        #expect(try value(#"admirror_ad_accounts_held{reason="retry_later"}"#) == 1)
        #expect(try value(#"admirror_ad_accounts_held{reason="rate_limited"}"#) == 0)
        #expect(try value("admirror_facebook_tokens_missing") == 1)
        #expect(try 7200...7260 ~= value("admirror_oldest_data_age_seconds"))
    }

    @Test("ended runs are counted once, with their duration and calls, and stay counted after pruning")
    func runs() throws {
        let done = #"admirror_sync_runs_total{trigger="cron",outcome="done"}"#
        #expect(try value(done) == 0)
        #expect(try value(#"admirror_sync_runs_total{trigger="manual",outcome="failed"}"#) == 0)
        let calls = try value("admirror_facebook_calls_total")
        #expect(calls > 3)
        try bench.sql(
            """
            INSERT INTO sync_runs (ad_account_id, trigger, started_at) SELECT id, 'cron', now() - interval '90 seconds'
            FROM ad_accounts;
            UPDATE sync_runs SET api_calls = 7, retries = 2, waits = 1, wait_seconds = 1.5, rows_changed = 4
            WHERE trigger = 'cron';
            """
        )
        #expect(try value(#"admirror_sync_runs_unfinished{state="abandoned"}"#) == 1)
        try bench.sql("UPDATE sync_runs SET finished_at = now(), outcome = 'done' WHERE trigger = 'cron'")
        try bench.sql("UPDATE sync_runs SET finished_at = now() WHERE trigger = 'cron'")
        for _ in 1...2 {
            #expect(try value(done) == 1)
            #expect(try value(#"admirror_sync_run_duration_seconds_count{trigger="cron",outcome="done"}"#) == 1)
            #expect(try value(#"admirror_sync_run_duration_seconds_sum{trigger="cron",outcome="done"}"#) >= 90)
            #expect(try value("admirror_facebook_calls_total") == calls + 7)
            #expect(try value("admirror_facebook_retries_total") == 2)
            #expect(try value("admirror_facebook_waits_total") == 1)
            #expect(try value("admirror_facebook_wait_seconds_total") == 1.5)
            #expect(try value(#"admirror_sync_runs_unfinished{state="abandoned"}"#) == 0)
            try bench.sql("DELETE FROM ad_accounts")
        }
    }

    @Test("a quota shows the account with the highest use, and foreign names end no line")
    func quotas() throws {
        try bench.sql(
            """
            INSERT INTO api_usage (app_id, facebook_account_id, quota, percent, observed_at, held_until) VALUES
                ('', '1', 'ads_insights', 40, now(), NULL), ('', '2', 'ads_insights', 75, now(), now() + interval '1 hour'),
                ('', '3', 'ads_insights', 99, now() - interval '2 hours', NULL),
                ('', '1', E'a"b\\\\c\\nd', 10, now(), NULL), ('', '1', E'"\\u0301x', 10, now(), NULL);
            """
        )
        #expect(try value(#"admirror_facebook_quota_used_ratio{quota="ads_insights"}"#) == 0.75)
        #expect(try value("admirror_facebook_quota_holds") == 1)
        #expect(try value(#"admirror_facebook_quota_used_ratio{quota="a\"b\\c\nd"}"#) == 0.1)
        #expect(ask(from: "127.0.0.1").text.contains("{quota=\"\\\"\u{301}x\"} 0.1"))
    }

    @Test("an accepted call of the cron URL is recorded, a refused one is not")
    func cron() throws {
        #expect(!ask(from: "127.0.0.1").text.contains("admirror_cron_last_call_age_seconds"))
        _ = bench.send("GET", "/api/sync", "secret=wrong", headers: [:])
        #expect(!ask(from: "127.0.0.1").text.contains("admirror_cron_last_call_age_seconds"))
        _ = bench.send("GET", "/api/sync", "secret=\(Bench.secret)", headers: [:])
        #expect(try 0...60 ~= value("admirror_cron_last_call_age_seconds"))
    }

    @Test("while the database is away the metrics report it, and those of the host continue")
    func away() throws {
        let away = bench.makeEndpoints(
            Store(
                Store.Options(
                    url: "host=/nowhere",
                    applicationName: "tests",
                    statementTimeout: 1000,
                    responseTimeout: 1000
                )
            )
        )
        let response = ask(from: "127.0.0.1", of: away)
        #expect(response.status == 200)
        #expect(response.text.contains("\nadmirror_database_up 0\n"))
        #expect(response.text.contains("\nadmirror_responders 4\n"))
        #expect(response.text.contains("\nadmirror_nginx_recent_answers{cache=\"hit\"} 97\n"))
        #expect(!response.text.contains("admirror_ad_accounts"))
        #expect(isError(ask(from: "10.0.0.1", headers: bench.bearer, of: away), 503, "DATABASE_UNAVAILABLE"))
    }
}
