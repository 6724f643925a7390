"""The page shows which days its numbers cover and how old they are, even if an account or a part of it is behind."""

import datetime
import json
import os

from browser import eventually
from case import BrowserCase
from dashboard import number
from stack import BEHIND, LARGE, SMALL


def written(first, last):
    """Formats a range as the dashboard does."""
    if first.year != last.year:
        return f"{first:%b} {first.day}, {first.year} – {last:%b} {last.day}, {last.year}"
    return f"{first:%b} {first.day} – " + (f"{last.day}" if first.month == last.month else f"{last:%b} {last.day}") + f", {last.year}"


def plain(text):
    """Replaces thin and narrow spaces by usual ones."""
    return text.replace("\u2009", " ").replace("\u202f", " ")


class BehindTests(BrowserCase):
    """Facebook refuses the account's token, so nothing was read for ten days. The last sync was at two in the afternoon."""

    isBehind = False

    def setUp(self):
        super().setUp()
        if not BehindTests.isBehind:
            self.stack.order(fault="token_expired", account=BEHIND)
            self.stack.sync(BEHIND)
            self.stack.order()
            today = "(now() AT TIME ZONE (SELECT time_zone FROM ad_accounts WHERE id = $1))::date"
            then = f"(({today} - 10) + time '14:00') AT TIME ZONE (SELECT time_zone FROM ad_accounts WHERE id = $1)"
            self.stack.change(
                BEHIND,
                f"UPDATE sync_lists SET since = since - 10, until = until - 10, synced_at = {then} WHERE ad_account_id = $1",
                f"DELETE FROM insights_daily WHERE ad_account_id = $1 AND day > {today} - 10",
                f"DELETE FROM insights_days WHERE ad_account_id = $1 AND day > {today} - 10",
                f"UPDATE ad_accounts SET last_synced_at = {then} WHERE id = $1",
            )
            BehindTests.isBehind = True
        row = self.stack.rows("/api/campaigns", BEHIND, status="ALL")[0]
        self.first, self.last = (datetime.date.fromisoformat(row[name]) for name in ("date_start", "date_end"))

    def test_a_table_names_the_days_of_its_numbers(self):
        page = self.dashboard
        self.enter(f"{BEHIND}/campaigns?status=all")
        page.loaded()
        days = written(self.first, self.last)
        self.assertIn(days, plain(self.browser.run("return document.querySelector('.count').textContent")))
        self.assertIn(days, plain(page.button("Days: ").get_attribute("aria-label")))
        page.sees(f"Days after {self.last:%b} {self.last.day}, {self.last.year} are not loaded yet.")
        page.press("Export as CSV")
        file = f"{self.browser.downloads}/campaigns-{BEHIND}-{self.first}-{self.last}.csv"
        eventually(f"the file {file}, but {os.listdir(self.browser.downloads)}", lambda: os.path.exists(file))

    def test_a_day_that_was_read_before_its_end_is_not_a_full_day(self):
        page = self.dashboard
        first = self.last - datetime.timedelta(6)
        self.enter(f"{BEHIND}/overview?from={first}&to={self.last}")
        page.sees("changes compare full days")
        rows = self.stack.rows("/api/insights", BEHIND, **{"from": first - datetime.timedelta(20), "to": self.last})
        clicks = {row["date"]: row["clicks"] for row in rows}
        count = lambda day, days: sum(clicks[str(day + datetime.timedelta(each))] for each in range(days))
        delta = lambda: self.browser.run("return document.querySelector('[data-metric=clicks] .delta')?.title ?? ''")
        self.assertGreater(clicks[str(self.last)] * clicks[str(first)], 0, "days that differ")
        wanted = f"{count(first, 6):,} vs {count(first - datetime.timedelta(6), 6):,}"
        eventually(lambda: f"{wanted}, but {delta()}", lambda: delta() == wanted)
        page.tick("Changes include today")
        wanted = f"{count(first, 7):,} vs {count(first - datetime.timedelta(7), 7):,}"
        eventually(lambda: f"{wanted}, but {delta()}", lambda: delta() == wanted)
        page.sees("was last read before it was over")
        page.move(f"{BEHIND}/overview?from={self.last}&to={self.last}")
        page.sees("are not compared")

    def test_a_missing_day_between_others_is_counted(self):
        page = self.dashboard
        first, hole = self.last - datetime.timedelta(9), self.last - datetime.timedelta(4)
        self.stack.change(BEHIND, "CREATE TABLE kept AS SELECT * FROM insights_days", f"DELETE FROM insights_days WHERE ad_account_id = $1 AND day = '{hole}'")
        try:
            self.enter(f"{BEHIND}/overview?from={first}&to={self.last}")
            page.sees("loaded: 9 of 10 days")
            page.sees("9 of 10 days are loaded.")
        finally:
            self.stack.change(BEHIND, "INSERT INTO insights_days SELECT * FROM kept ON CONFLICT DO NOTHING", "DROP TABLE kept")

    def test_the_list_of_accounts_names_30_days_only_if_all_are_loaded(self):
        page = self.dashboard
        self.enter(f"{BEHIND}/campaigns?status=all")
        page.loaded()
        page.press("Ad account: ")
        of = lambda name: self.browser.run(
            "return [...document.querySelectorAll('.accounts-choice a')].find((each) => each.textContent.includes(arguments[0]))?.textContent ?? ''", name)
        eventually(lambda: of("Account 18"), lambda: "loaded days" in of("Account 18"))
        self.assertNotIn("last 30 days", of("Account 18"))
        self.assertIn("last 30 days", of("Account 11"))


class PartTests(BrowserCase):
    """Parts of an account that are older than its last sync."""

    def setUp(self):
        super().setUp()
        self.stack.sync(SMALL)
        self.addCleanup(self.stack.sync, SMALL)

    def test_a_table_is_as_old_as_its_oldest_part(self):
        page = self.dashboard
        failed = "UPDATE sync_lists SET synced_at = now() - interval '5 hours', error = 'It failed.', failures = 1, failed_at = now()"
        self.stack.change(SMALL, f"{failed} WHERE ad_account_id = $1 AND list = 'campaign_totals'")
        self.enter(f"{SMALL}/campaigns?status=all")
        page.loaded()
        page.sees("Synced 5 h ago")
        state = lambda: self.browser.run("return document.querySelector('.sync-line .dot').className")
        self.assertEqual(state(), "dot stale")
        for view in ("Overview", "Ad sets"):
            page.follow(view)
            page.shows(view)
            eventually("a newer age", lambda: "5 h ago" not in page.text)
            eventually(f"it is fresh, but {state()}", lambda: state() == "dot fresh")

    def test_metrics_that_facebook_refuses_are_named(self):
        page = self.dashboard
        self.stack.change(
            SMALL,
            "UPDATE sync_lists SET refused_fields = '{action_values}', adapted_at = now(), refused_since = now()"
            " WHERE ad_account_id = $1 AND list = 'ad_totals'",
            "UPDATE creatives SET conversion_value = NULL WHERE ad_account_id = $1",
        )
        self.enter(f"{SMALL}/ads?status=all")
        page.loaded()
        page.sees("Facebook does not return ROAS")
        eventually("the reason", lambda: "Not available: Facebook refuses the field action_values." in self.browser.run(
            "return [...document.querySelectorAll('[role=grid] tbody td.number')].map((each) => each.title)"))
        page.follow("Campaigns")
        page.shows("Campaigns")
        page.loaded()
        self.assertNotIn("does not return", page.text)
        self.stack.change(
            SMALL,
            "UPDATE sync_lists SET refused_fields = '{action_values}', adapted_at = now(), refused_since = now()"
            " WHERE ad_account_id = $1 AND list = 'account_days'",
            "UPDATE insights_days SET conversion_value = NULL WHERE ad_account_id = $1",
        )
        page.open(f"{SMALL}/overview")
        page.sees("Facebook does not return ROAS")
        title = lambda: self.browser.run("return document.querySelector('[data-metric=roas] .value')?.title ?? ''")
        eventually(title, lambda: title() == "Not available: Facebook refuses the field action_values.")

    def test_the_totals_are_those_of_the_api(self):
        page = self.dashboard
        # A purchase that was counted after the day of its spend.
        self.stack.change(
            SMALL,
            "UPDATE creatives SET spent = 0, conversions = 3, conversion_value = 9000 WHERE ad_account_id = $1"
            " AND id = (SELECT min(id::text)::uuid FROM creatives WHERE ad_account_id = $1 AND effective_status NOT IN ('ARCHIVED', 'DELETED'))",
        )
        self.enter(f"{SMALL}/ads")
        page.loaded()
        totals = json.loads(self.stack.get(f"/api/ads?adAccountId={SMALL}&totals=true"))["totals"]
        eventually(lambda: f"{totals}, but {page.table.totals}", lambda: number(page.table.total("ROAS")) == round(totals["roas"], 2))
        # No response has the value of one row, so the sum of the selected rows is unknown, not lower.
        page.tick("Select all rows")
        eventually("an unknown ratio", lambda: page.table.total("ROAS") == "–")

    def test_a_total_cost_without_a_result_has_a_tooltip(self):
        page = self.dashboard
        self.stack.change(SMALL, "UPDATE campaigns SET conversions = 0 WHERE ad_account_id = $1")
        self.enter(f"{SMALL}/campaigns?status=all")
        page.loaded()
        titles = lambda: self.browser.run("return [...document.querySelectorAll('[role=grid] tfoot td')].map((each) => each.title)")
        eventually(lambda: f"the reason in {titles()}", lambda: "Spend without results" in titles())


class SilenceTests(BrowserCase):
    def test_the_dot_is_not_green_while_the_server_does_not_respond(self):
        page = self.dashboard
        self.enter(f"{LARGE}/overview")
        page.sees("Synced ")
        self.browser.set_network(offline=True)
        self.browser.run("const now = Date.now; Date.now = () => now() + 60_000; dispatchEvent(new Event('focus'))")
        page.sees("No response · synced", 10)
        self.assertEqual(self.browser.run("return document.querySelector('.sync-line .dot').className"), "dot unknown")
        self.browser.set_network()
        eventually("a response", lambda: "No response" not in page.text, 20)
