"""Facebook's own SDK for Python against the simulator: a client that nobody here wrote.

Run by the end-to-end tests through scripts/with-simulator, which tells address and token in the environment. With
SIMULATOR_APP_SECRET the simulator wants every call proven, and the SDK does so.
"""

import json
import os
import time
import unittest
import urllib.request

from facebook_business.adobjects.ad import Ad
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.campaign import Campaign
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi, FacebookSession
from facebook_business.exceptions import FacebookRequestError

URL = os.environ["SIMULATOR_URL"]
TOKEN = os.environ["SIMULATOR_TOKEN"]
SECRET = os.environ.get("SIMULATOR_APP_SECRET")
DOLLARS = "act_1569761797025413"
YEN = "act_798085168510957"
STATUSES = [
    "ACTIVE", "PAUSED", "DELETED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
    "CAMPAIGN_PAUSED", "ARCHIVED", "ADSET_PAUSED", "IN_PROCESS", "WITH_ISSUES",
]
WEEK = {"since": "2026-10-20", "until": "2026-10-26"}
COLUMNS = ["campaign_id", "adset_id", "ad_id", "spend", "impressions", "clicks", "actions", "action_values"]


def connect(app_secret=SECRET, token=TOKEN, version=None):
    FacebookSession.GRAPH = URL
    return FacebookAdsApi.init(
        app_secret=app_secret, access_token=token, api_version=version, crash_log=False, timeout=20
    )


def order(**members):
    """Orders a fault of the simulator; without members takes all faults back."""
    method, body = ("POST", json.dumps(members).encode()) if members else ("DELETE", None)
    request = urllib.request.Request(URL + "/_control", data=body, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def any_status(level):
    return [{"field": level + ".effective_status", "operator": "IN", "value": STATUSES}]


def cents(rows):
    return sum(round(float(row.get("spend", "0")) * 100) for row in rows)


class SDKTest(unittest.TestCase):
    def setUp(self):
        order()
        connect()

    def tearDown(self):
        order()

    def insights(self, level, node=None, **params):
        params = {"level": level, "time_range": WEEK, "limit": 300, **params}
        return list((node or AdAccount(DOLLARS)).get_insights(fields=COLUMNS, params=params))

    def refused(self, code, subcode, call, status=400):
        with self.assertRaises(FacebookRequestError) as caught:
            call()
        error = caught.exception
        seen = (error.http_status(), error.api_error_code(), error.api_error_subcode())
        self.assertEqual(seen, (status, code, subcode))
        return error


class ListingTests(SDKTest):
    def test_accounts_of_the_token(self):
        fields = ["name", "currency", "timezone_name", "account_status", "amount_spent"]
        accounts = list(User("me").get_ad_accounts(fields=fields, params={"limit": 2}))
        self.assertEqual([account["currency"] for account in accounts], ["USD", "JPY", "EUR"])
        self.assertEqual(accounts[0]["id"], DOLLARS)
        self.assertEqual(accounts[0]["account_status"], 1)

    def test_an_account_by_its_id(self):
        account = AdAccount(YEN).api_get(fields=["currency", "timezone_name", "timezone_offset_hours_utc", "business"])
        self.assertEqual((account["currency"], account["timezone_offset_hours_utc"]), ("JPY", 9))

    def test_edges_to_their_end(self):
        account = AdAccount(DOLLARS)
        edges = [
            (account.get_campaigns, ["name", "objective", "status", "daily_budget", "updated_time"], 28),
            (account.get_ad_sets, ["name", "campaign_id", "bid_amount", "targeting", "promoted_object"], 190),
            (account.get_ads, ["name", "adset_id", "campaign_id", "creative", "effective_status"], 1500),
        ]
        for method, fields, count in edges:
            cursor = method(fields=fields, params={"limit": 137, "effective_status": STATUSES})
            rows = list(cursor)
            self.assertEqual(len(rows), count)
            self.assertEqual(len({row["id"] for row in rows}), count)
            self.assertEqual(cursor.total(), count)

    def test_archived_objects_come_when_asked_for(self):
        account = AdAccount(DOLLARS)
        shown = list(account.get_campaigns(params={"limit": 100}))
        hidden = list(account.get_campaigns(params={"limit": 100, "effective_status": ["ARCHIVED", "DELETED"]}))
        self.assertEqual(len(shown) + len(hidden), 28)
        self.assertGreater(len(hidden), 0)

    def test_filters(self):
        since = 1_780_000_000
        filters = any_status("ad") + [
            {"field": "ad.updated_time", "operator": "GREATER_THAN", "value": since},
            {"field": "name", "operator": "NOT_CONTAIN", "value": "copy"},
        ]
        ads = list(
            AdAccount(DOLLARS).get_ads(
                fields=[Ad.Field.updated_time, Ad.Field.name], params={"limit": 500, "filtering": filters}
            )
        )
        self.assertTrue(0 < len(ads) < 1500)
        oldest = time.strftime("%Y-%m-%d", time.gmtime(since - 86_400))
        for ad in ads:
            self.assertGreater(ad["updated_time"], oldest)
            self.assertNotIn("copy", ad["name"].lower())

    def test_children_and_single_objects(self):
        first = next(iter(AdAccount(DOLLARS).get_campaigns(params={"effective_status": ["ACTIVE"]})))
        campaign = Campaign(first["id"]).api_get(fields=["name", "objective", "created_time"])
        adsets = list(campaign.get_ad_sets(fields=["campaign_id", "name"]))
        self.assertEqual({adset["campaign_id"] for adset in adsets}, {campaign["id"]})
        ads = AdSet(adsets[0]["id"]).get_ads(fields=["adset_id"])
        self.assertEqual({ad["adset_id"] for ad in ads}, {adsets[0]["id"]})


class InsightsTests(SDKTest):
    def test_levels_add_up_by_day(self):
        account = self.insights("account", time_increment=1)
        self.assertEqual([row["date_start"] for row in account], ["2026-10-%d" % day for day in range(20, 27)])
        for level in ["campaign", "adset", "ad"]:
            rows = self.insights(level, time_increment=1, filtering=any_status(level))
            self.assertEqual(len({(row[level + "_id"], row["date_start"]) for row in rows}), len(rows))
            for day in account:
                mine = [row for row in rows if row["date_start"] == day["date_start"]]
                self.assertEqual(cents(mine), cents([day]))
                self.assertEqual(sum(int(row["impressions"]) for row in mine), int(day["impressions"]))

    def test_presets_and_months(self):
        for preset in ["today", "yesterday", "last_7d", "this_month", "maximum"]:
            self.assertLessEqual(len(list(AdAccount(YEN).get_insights(params={"date_preset": preset}))), 1)
        months = {"since": "2026-09-10", "until": "2026-11-05"}
        rows = self.insights("account", time_range=months, time_increment="monthly")
        self.assertEqual([row["date_start"] for row in rows], ["2026-09-10", "2026-10-01", "2026-11-01"])

    def test_a_single_campaign(self):
        row = self.insights("campaign", filtering=any_status("campaign"))[0]
        below = self.insights("ad", node=Campaign(row["campaign_id"]), filtering=any_status("ad"))
        self.assertEqual(cents(below), cents([row]))

    def test_a_summary_of_all_pages(self):
        cursor = AdAccount(DOLLARS).get_insights(
            fields=["ad_id", "impressions"],
            params={"level": "ad", "time_range": WEEK, "limit": 50, "default_summary": True},
        )
        total = sum(int(row["impressions"]) for row in cursor)
        self.assertIn('"impressions": "%d"' % total, cursor.summary())


class ReportTests(SDKTest):
    def post(self, **params):
        params = {"level": "ad", "time_increment": 1, "time_range": WEEK, **params}
        return AdAccount(DOLLARS).get_insights(fields=COLUMNS, params=params, is_async=True)

    def wait(self, run):
        for _ in range(200):
            run = run.api_get()
            if run["async_status"] in ("Job Completed", "Job Failed", "Job Skipped"):
                return run
            time.sleep(0.05)
        self.fail("the report never ended")

    def test_a_report_has_the_rows_of_a_call(self):
        run = self.post(filtering=any_status("ad"))
        self.assertIsInstance(run, AdReportRun)
        run = self.wait(run)
        self.assertEqual((run["async_status"], run["async_percent_completion"]), ("Job Completed", 100))
        self.assertEqual(run[AdReportRun.Field.account_id], DOLLARS[4:])
        rows = list(run.get_insights(params={"limit": 200}))
        self.assertIsInstance(rows[0], AdsInsights)
        direct = self.insights("ad", time_increment=1, filtering=any_status("ad"), limit=1000)
        self.assertEqual([row.export_all_data() for row in rows], [row.export_all_data() for row in direct])

    def test_a_report_can_fail(self):
        order(fault="report_fails", times=1)
        run = self.wait(self.post())
        self.assertEqual(run["async_status"], "Job Failed")
        self.refused(2601, 1815107, run.get_insights)

    def test_a_report_can_be_deleted(self):
        run = self.wait(self.post())
        FacebookAdsApi.get_default_api().call("DELETE", (run["id"],))
        self.refused(100, 33, run.api_get)


class ErrorTests(SDKTest):
    def ads(self):
        return AdAccount(DOLLARS).get_ads(params={"limit": 5})

    def test_refused_questions(self):
        account = AdAccount(DOLLARS)
        long_ago = {"since": "2020-01-01", "until": "2020-01-02"}
        self.refused(100, None, lambda: account.get_ads(fields=["nonsense"]))
        self.refused(100, 33, lambda: Campaign("120200000000000001").api_get(fields=["name"]))
        self.refused(3018, None, lambda: account.get_insights(params={"time_range": long_ago}))
        self.refused(2642, None, lambda: account.get_ads(params={"after": "nonsense"}))

    def test_a_bad_token(self):
        connect(token="EAAother")
        self.refused(190, 467, self.ads)

    def test_ordered_errors(self):
        order(fault="token_expired", times=1)
        self.refused(190, 463, self.ads)
        order(fault="rate_limited", times=1)
        error = self.refused(17, 2446079, self.ads)
        self.assertIn("x-business-use-case-usage", error.http_headers())
        order(fault="transient", times=1)
        self.assertTrue(self.refused(2, None, self.ads, status=500).api_transient_error())
        order(fault="error_data_text", times=1)
        self.assertEqual(self.refused("100", None, self.ads).api_blame_field_specs(), [["fields"]])
        for junk in ["success_false", "service_unavailable_text", "error_in_200"]:
            order(fault=junk, times=1)
            with self.assertRaises(FacebookRequestError):
                self.ads()
        self.assertEqual(len(self.ads()), 5)

    def test_a_quota(self):
        order(fault="quota", tier="development", score=3, window=100, block=100)
        for _ in range(3):
            self.ads()
        error = self.refused(17, 2446079, self.ads)
        self.assertEqual(json.loads(error.http_headers()["x-ad-account-usage"])["reset_time_duration"], 100)

    def test_versions(self):
        order(fault="version_expired", version="v23.0", current="v25.0")
        self.refused(2635, None, self.ads)
        connect(version="v25.0")
        self.assertEqual(len(self.ads()), 5)
        order(fault="version_expired", version="v25.0", current="v26.0", upgrade=True)
        headers = FacebookAdsApi.get_default_api().call("GET", (DOLLARS,)).headers()
        self.assertEqual(headers["facebook-api-version"], "v26.0")
        self.assertIn("auto-upgraded to v26.0", headers["x-ad-api-version-warning"])

    @unittest.skipUnless(SECRET, "the simulator wants no proof")
    def test_proofs(self):
        connect(app_secret=None)
        self.refused(100, None, self.ads)
        connect(app_secret="another")
        self.refused(100, None, self.ads)


if __name__ == "__main__":
    unittest.main()
