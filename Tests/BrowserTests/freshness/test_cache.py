"""The dashboard's own cache, and what it requests over the network."""

from urllib.parse import urlsplit

from browser import eventually
from case import BrowserCase
from stack import LARGE, OWNER, SMALL

READS = ("/api/campaigns", "/api/ad-sets", "/api/ads", "/api/insights", "/api/ad-accounts")


class CacheTests(BrowserCase):
    def reads(self):
        return [each for each in self.browser.requests() if urlsplit(each.url).path in READS]

    def reads_of(self, path):
        return [each for each in self.reads() if urlsplit(each.url).path == path]

    def test_a_second_visit_sends_no_read_requests(self):
        # After each sync and each slice of older days the page requests its data again.
        eventually("no running sync of the account", self.is_at_rest, 30)
        page = self.dashboard
        self.enter(f"{LARGE}/ads?status=all")
        page.loaded(5000)
        page.follow("Overview")
        page.shows("Overview")
        page.sees("Spend by day")
        eventually("responses of all reads", lambda: all(each.status for each in self.reads()))
        self.wait_until_stored("/api/ads", "/api/insights", "/api/fields", "/api/ad-accounts")
        self.browser.forget_log()
        page.driver.back()
        page.loaded(5000)
        self.assertEqual(self.reads(), [])
        # A reload sends none either.
        page.driver.refresh()
        page.loaded(5000)
        page.follow("Overview")
        page.sees("Spend by day")
        self.assertEqual(self.reads(), [])
        self.assertIn(200, {each.status for each in self.browser.requests()})

    def is_at_rest(self):
        account = f"(SELECT id FROM ad_accounts WHERE facebook_account_id = '{LARGE[4:]}')"
        return self.stack.sql(
            f"SELECT NOT EXISTS (SELECT FROM sync_runs WHERE ad_account_id = {account} AND finished_at IS NULL)"
            f" AND NOT EXISTS (SELECT FROM history_backlogs WHERE ad_account_id = {account} AND (claim IS NOT NULL OR wanted IS NOT NULL))"
            # Responses of the second after a sync are requested once more. The clocks of page and server may differ by a second.
            f" AND (SELECT last_synced_at < now() - interval '4 seconds' FROM ad_accounts WHERE id = {account})"
        ) == "t"

    def test_stale_data_appears_at_once_and_is_requested_in_the_background(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        page.loaded()
        tag = eventually("a response", lambda: next((each for each in self.reads_of("/api/campaigns") if each.status == 200), None))
        self.assertNotIn("if-none-match", tag.headers)
        self.wait_until_stored("/api/campaigns", "/api/fields", "/api/ad-accounts")
        self.age(6 * 60)
        self.browser.forget_log()
        self.browser.set_network(offline=False)
        page.driver.refresh()
        page.loaded()
        again = eventually("a request in the background", lambda: next((each for each in self.reads_of("/api/campaigns") if each.status), None))
        self.assertRegex(again.headers["if-none-match"], '^W/"')
        self.assertEqual(again.status, 304)
        self.assertEqual(len(self.reads_of("/api/campaigns")), 1)

    def age(self, seconds):
        """Makes the stored responses older."""
        self.browser.driver.execute_async_script(
            """
            const [seconds, done] = arguments, opening = indexedDB.open("admirror");
            opening.onsuccess = () => {
                const transaction = opening.result.transaction("metas", "readwrite"), metas = transaction.objectStore("metas");
                metas.openCursor().onsuccess = ({ target: { result: cursor } }) => {
                    if (!cursor) return;
                    cursor.update({ ...cursor.value, updatedAt: cursor.value.updatedAt - seconds * 1000 });
                    cursor.continue();
                };
                transaction.oncomplete = () => { opening.result.close(); done(); };
            };
            """, seconds,
        )

    def test_a_table_is_requested_once_however_often_it_is_opened(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        page.loaded()
        for _ in range(3):
            page.follow("Ad sets")
            page.shows("Ad sets")
            page.loaded()
            page.follow("Campaigns")
            page.shows("Campaigns")
            page.loaded()
        self.assertEqual(len(self.reads_of("/api/campaigns")), 1)
        self.assertEqual(len(self.reads_of("/api/ad-sets")), 1)

    def test_offline_loaded_data_stays_and_the_rest_loads_when_back_online(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        names = page.loaded().names
        self.browser.set_network(offline=True)
        page.sees("You are offline.")
        self.assertEqual(page.table.names, names)
        page.follow("Ad sets")
        page.shows("Ad sets")
        page.sees("Can't reach the server.", 15)
        self.assertTrue(self.is_in_sight(page.find("//*[@role='alert']//*[.='Try again']")), "below skeletons")
        page.follow("Campaigns")
        page.shows("Campaigns")
        self.assertEqual(page.loaded().names, names)
        page.follow("Ad sets")
        page.shows("Ad sets")
        self.browser.set_network(offline=False)
        page.loaded()
        eventually("no such text", lambda: "offline" not in page.notices)

    def is_in_sight(self, element):
        return self.browser.run(
            "const {top, left, width, height} = arguments[0].getBoundingClientRect();"
            "const there = document.elementFromPoint(left + width / 2, top + height / 2);"
            "return there !== null && arguments[0].contains(there)", element,
        )

    def test_signing_out_in_one_tab_reaches_the_other(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        name = page.loaded().names[0]
        first = page.driver.current_window_handle
        page.driver.switch_to.new_window("tab")
        page.open(f"{SMALL}/ad-sets")
        page.loaded()
        page.follow("Settings")
        page.press("Sign out")
        page.sees("You signed out.")
        page.driver.switch_to.window(first)
        page.sees("You signed out in another tab.")
        self.assertNotIn(name, page.text)
        # Signing in reaches it, too.
        page.sign_in(OWNER, self.stack.password)
        page.loaded()
        page.driver.switch_to.window(page.driver.window_handles[1])
        page.shows("Settings")
