"""Navigation keeps filters and days, and the page shows the true age of its data."""

import datetime

from browser import eventually
from case import BrowserCase
from dashboard import number
from stack import BROKEN, HELD, LARGE, NAMED, SMALL


class PlacesTests(BrowserCase):
    def test_tabs_and_accounts_keep_search_status_range_and_sort(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns?q=a&status=paused&range=7d&sort=-spent")
        page.loaded()
        for tab, heading in (("Ad sets", "Ad sets"), ("Overview", "Overview"), ("Ads", "Ads"), ("Syncs", "Syncs"), ("Campaigns", "Campaigns")):
            page.follow(tab)
            page.shows(heading)
            for part in ("q=a", "status=paused", "range=7d", "sort=-spent"):
                self.assertIn(part, page.place, heading)
        page.follow("Ads")
        page.shows("Ads")
        self.assertEqual(page.loaded().sorted, {"Spend": "descending"})
        page.press("Ad account: ")
        page.click("//ul[contains(@class, 'accounts-choice')]//a[contains(., 'Account 12')]")
        eventually("the other account", lambda: page.place.startswith(SMALL))
        for part in ("q=a", "status=paused", "range=7d", "sort=-spent"):
            self.assertIn(part, page.place)

    def test_the_overview_shows_the_range_of_the_address(self):
        page = self.dashboard
        last = datetime.date.fromisoformat(self.stack.rows("/api/insights", LARGE)[-1]["date"])
        days = {"from": last - datetime.timedelta(9), "to": last - datetime.timedelta(5)}
        self.enter(f"{LARGE}/overview?from={days['from']}&to={days['to']}")
        clicks = sum(day["clicks"] for day in self.stack.rows("/api/insights", LARGE, **days))
        card = lambda: self.browser.run("return document.querySelector('[data-metric=clicks] .value')?.textContent ?? ''")
        eventually("the clicks of five days", lambda: card() == f"{clicks:,}")
        page.follow("Campaigns")
        page.shows("Campaigns")
        self.assertEqual(number(page.loaded().total("Clicks")), clicks)

    def test_the_way_back_from_settings_keeps_them(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns?q=a&status=paused&range=7d&sort=-spent")
        parts = ("q=a", "status=paused", "range=7d", "sort=-spent")
        page.loaded()
        for back, heading in (
            ("//nav[@aria-label='Views']//a[.='Ads']", "Ads"), ("//a[@aria-label='AdMirror, overview']", "Overview"),
            ("//ul[@class='accounts']//a[contains(., 'Account 12')]", "Overview"),
        ):
            page.follow("Settings")
            page.shows("Settings")
            page.click(back)
            page.shows(heading)
            for part in parts:
                eventually(f"{part} in {page.place} from {back}", lambda: part in page.place)

    def test_the_search_box_follows_the_address_even_with_the_focus(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        page.loaded()
        label = "Search campaigns by name or id"
        page.write(label, "sho")
        eventually("the search", lambda: "q=sho" in page.place)
        page.move(f"{LARGE}/campaigns?q=look")
        value = lambda: self.browser.run("return document.querySelector('[data-search]').value")
        self.assertEqual(page.focus, label)
        eventually("the search of the address", lambda: value() == "look")
        page.driver.back()
        eventually("the search before", lambda: value() == "sho")
        self.assertEqual(page.focus, label)

    def test_after_midnight_the_last_7_days_move_on(self):
        page = self.dashboard
        self.enter(f"{LARGE}/overview?range=7d")
        days = lambda: self.browser.run("return document.querySelector('.legend')?.firstElementChild?.textContent ?? ''")
        before = eventually("the days", days)
        self.browser.run("const now = Date.now; Date.now = () => now() + 86_400_000; dispatchEvent(new Event('focus'))")
        eventually(lambda: f"other days than {days()}", lambda: days() not in ("", before))

    def test_totals_and_hidden_rows_add_up_to_the_account(self):
        """A campaign is archived in the database only: it leaves the table, but still counts for the account."""
        page = self.dashboard
        before = self.stack.rows("/api/campaigns", SMALL)
        gone = "SELECT facebook_campaign_id FROM campaigns c JOIN ad_accounts a ON a.id = c.ad_account_id" \
               f" WHERE a.facebook_account_id = '{SMALL[4:]}' AND c.spent > 0 AND c.effective_status NOT IN ('ARCHIVED', 'DELETED') ORDER BY c.spent DESC LIMIT 1"
        self.stack.sql(f"UPDATE campaigns SET status = 'ARCHIVED', effective_status = 'ARCHIVED' WHERE facebook_campaign_id = ({gone})")
        self.stack.admirror("revalidate", "/api/campaigns")
        try:
            eventually("one row less", lambda: len(self.stack.rows("/api/campaigns", SMALL)) == len(before) - 1)
            self.enter(f"{SMALL}/campaigns")
            page.loaded(len(self.stack.rows("/api/campaigns", SMALL)))
            page.sees("account total")
            said = self.browser.run("return document.querySelector('.reconciled').textContent")
            shown, *more, whole = [number(each) for each in said.replace("=", "+").replace("−", "+ -").split("+")]
            self.assertRegex(said, r"\d archived or deleted campaign")
            hidden = number(said.split("+")[1].split(" in ")[0])
            self.assertGreater(hidden, 0)
            rest = whole - shown - hidden
            self.assertAlmostEqual(rest, 0, delta=0.05)
            self.assertEqual(shown, number(page.table.total("Spend")))
            page.follow("Overview")
            page.shows("Overview")
            spend = lambda: self.browser.run("return document.querySelector('[data-metric=spend] .value')?.textContent ?? ''")
            eventually("the account's spend", lambda: number(spend()) == whole)
        finally:
            self.stack.sync(SMALL)


class AgeTests(BrowserCase):
    def tearDown(self):
        self.stack.order()
        super().tearDown()

    def state(self):
        return self.browser.run("return document.querySelector('.sync-line .dot').className.replace('dot ', '')")

    def test_responses_from_before_the_last_sync_are_requested_again(self):
        page = self.dashboard
        self.enter(f"{NAMED}/ad-sets?status=all")
        page.loaded()
        self.wait_until_stored("/api/ad-sets", "/api/fields", "/api/ad-accounts")
        ad_set = self.stack.rows("/api/ad-sets", NAMED, status="ALL")[0]["id"]
        # The page is closed while a sync loads something new.
        page.driver.get("about:blank")
        self.stack.order(fault="rename", id=ad_set, name="Named while nobody looked")
        self.stack.sync(NAMED)
        # An authorization of the second before may still return the old response.
        eventually("the new name in the API", lambda: "Named while nobody looked" in
                   [row["name"] for row in self.stack.rows("/api/ad-sets", NAMED, status="ALL")])
        page.driver.get(f"{self.browser.origin}/#/{NAMED}/ad-sets?status=all")
        eventually("the new name", lambda: page.table and "Named while nobody looked" in page.table.names, 15)
        page.sees("Synced ")

    def test_an_expired_account_is_not_green_and_shows_why_no_sync_starts(self):
        page = self.dashboard
        self.stack.order(fault="token_expired", account=BROKEN)
        self.stack.sync(BROKEN)
        self.enter(f"{BROKEN}/campaigns?status=all")
        page.loaded()
        eventually("a dot that is not green", lambda: self.state() == "error")
        page.press("Ad account: ")
        dot = "//ul[contains(@class, 'accounts-choice')]//a[contains(., 'Account 14')]//span[contains(@class, 'dot error')]"
        eventually("a dot that is not green in the list", lambda: page.driver.find_elements("xpath", dot))
        page.sees("access has expired")
        page.keys("\ue00c")
        # Also after the first notice was dismissed.
        while page.notices:
            page.press("Dismiss")
        page.press("Sync now")
        page.sees("The sync didn't start")
        self.assertIn("Facebook no longer accepts the access token", page.notices)
        link = page.find("//aside[@aria-label='Notices']//a[.='Reconnect']")
        self.assertTrue(link.get_attribute("href").endswith("/api/facebook/connect"))

    def test_an_account_on_hold_shows_when_syncing_resumes(self):
        page = self.dashboard
        self.stack.order(fault="rate_limited", account=HELD, value=30)
        self.stack.sync(HELD)
        self.enter(f"{HELD}/campaigns?status=all")
        page.loaded()
        eventually("a dot for a hold", lambda: self.state() == "held")
        while page.notices:
            page.press("Dismiss")
        page.press("Sync now")
        page.sees("The sync didn't start")
        self.assertRegex(page.notices, r"Syncing resumes at \d+:\d\d")
