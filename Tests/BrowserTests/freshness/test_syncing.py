"""Syncs on screen: progress, new data in place, and the reason if an account does not sync."""

from browser import eventually
from case import BrowserCase
from stack import BROKEN, HELD, LARGE, SMALL


class SyncingTests(BrowserCase):
    def tearDown(self):
        self.stack.order()
        super().tearDown()

    def progress(self):
        """The percentage that the progress bar shows, or `None`."""
        percent = self.browser.run(
            "const bar = document.querySelector('[role=progressbar]');"
            "return bar.getAttribute('aria-hidden') === 'true' ? null : bar.getAttribute('aria-valuenow')"
        )
        return None if percent is None else int(percent)

    def test_a_sync_shows_its_progress_and_then_the_new_data(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns?sort=name")
        campaign = self.stack.rows("/api/campaigns", SMALL, sort="name")[0]
        page.loaded()
        self.assertIsNone(self.progress())
        self.stack.order(fault="rename", id=campaign["id"], name="A name that only a sync knows")
        self.stack.order(fault="latency", value=400, account=SMALL)
        page.press("Sync now")
        eventually("the progress", lambda: self.progress() is not None)
        page.sees("Syncing: ")
        self.assertFalse(page.button("Sync now").is_enabled())
        # Without any input, the table refreshes.
        eventually("the new name", lambda: "A name that only a sync knows" in page.table.names, 15)
        eventually("the end of the sync", lambda: self.progress() is None, 15)
        page.sees("Synced just now")
        self.assertTrue(page.button("Sync now").is_enabled())
        page.follow("Syncs")
        page.shows("Syncs")
        page.sees("Change history")
        page.sees("A name that only a sync knows")

    def test_new_data_appears_even_if_the_account_is_read_all_the_time(self):
        """nginx reuses an authorization, with its data version, for a second. Frequent readers therefore still get
        old data for a second after a sync."""
        page = self.dashboard
        self.enter(f"{SMALL}/ad-sets?status=all")
        page.loaded()
        self.browser.run(
            "setInterval(() => { fetch(arguments[0], {headers: {Accept: 'application/json'}});"
            " dispatchEvent(new Event('focus')); }, 40)",
            f"/api/ad-sets?adAccountId={SMALL}&status=ALL",
        )
        ad_set = self.stack.rows("/api/ad-sets", SMALL, status="ALL")[0]["id"]
        for name in ("Seen at once", "Seen again", "Seen each time"):
            self.stack.order(fault="rename", id=ad_set, name=name)
            page.press("Sync now")
            eventually(f"the name {name}", lambda: name in page.table.names, 15)
            eventually("the end of the sync", lambda: self.progress() is None, 15)

    def test_a_refresh_keeps_scroll_position_and_selection(self):
        page = self.dashboard
        self.enter(f"{LARGE}/ads?status=all&sort=name")
        page.loaded(5000)
        self.browser.run("document.querySelector('[role=grid]').parentElement.scrollTop = 36 * 2500")
        eventually("rows in the middle", lambda: page.table.rows[0]["index"] > 2000)
        middle = page.table.rows[len(page.table.rows) // 2]
        page.click(f"//tr[@aria-rowindex='{middle['index'] + 2}']//input[@type='checkbox']")
        eventually("it is selected", lambda: page.table.selected)
        before = page.table
        # A visible row that keeps its place.
        other = next(row for row in before.rows if row["index"] == middle["index"] + 1)
        renamed = other["texts"][1] + " !"
        ads = [row["id"] for row in self.stack.rows("/api/ads", LARGE, status="ALL") if row["name"] == other["texts"][1]]
        self.stack.order(fault="rename", id=ads[0], name=renamed)
        page.press("Sync now")
        eventually("the new name", lambda: renamed in page.table.names, 30)
        after = page.table
        self.assertEqual(after.scrollTop, before.scrollTop)
        self.assertEqual(after.selected, before.selected)
        self.assertEqual(after.totals[1], "1 selected")
        self.assertEqual([row["index"] for row in after.rows], [row["index"] for row in before.rows])

    def test_a_refused_token_shows_what_to_do(self):
        page = self.dashboard
        self.stack.order(fault="token_expired", account=BROKEN)
        self.enter(f"{BROKEN}/campaigns?status=all")
        before = page.loaded().names
        page.press("Sync now")
        eventually(lambda: f"words about the token in: {page.text}", lambda: "Facebook no longer accepts this account's access." in page.notices, 15)
        self.assertIn("Reconnect the account", page.notices)
        # Loaded data stays readable.
        self.assertEqual(page.table.names, before)
        page.press("Ad account: ")
        page.sees("access has expired")

    def test_a_rate_limit_shows_when_syncing_resumes(self):
        page = self.dashboard
        self.stack.order(fault="rate_limited", account=HELD, value=30)
        self.enter(f"{HELD}/campaigns?status=all")
        before = page.loaded().names
        page.press("Sync now")
        eventually(lambda: f"words about the limit in: {page.text}", lambda: "Facebook's rate limit is reached." in page.notices, 15)
        self.assertRegex(page.notices, r"Syncing resumes at \d+:\d\d")
        self.assertEqual(page.table.names, before)
