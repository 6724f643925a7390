"""Scripts that load after the first view: when they load, and what the page says if they do not."""

import os

from browser import eventually
from case import BrowserCase
from stack import SMALL

MISSING = "A part of the page didn't load."


class LateScriptTests(BrowserCase):
    def block(self, *scripts):
        """Lets requests for these scripts fail from now on."""
        self.addCleanup(self.unblock)
        self.browser.cdp("Network.setBlockedURLs", urls=[f"*/{each}" for each in scripts])

    def unblock(self):
        self.browser.cdp("Network.setBlockedURLs", urls=[])

    def is_requested(self, script):
        return any(each.url.endswith(f"/{script}") for each in self.browser.requests())

    def mark(self):
        """Marks the page, to see whether it is loaded again."""
        self.browser.run("window.isMarked = true")

    def is_marked(self):
        return self.browser.run("return window.isMarked === true")

    def test_the_first_view_loads_its_own_scripts_and_then_those_of_the_others(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        page.loaded()
        self.assertTrue(self.is_requested("views/objects/objects.js"))
        for script in ("views/overview/overview.js", "views/objects/export.js", "views/syncs.js", "views/settings.js"):
            eventually(f"a request for {script}", lambda: self.is_requested(script), 10)

    def test_the_first_view_requests_its_data_once(self):
        self.enter(f"{SMALL}/campaigns")
        self.dashboard.loaded()
        paths = [each.url.removeprefix(self.browser.origin).partition("?")[0] for each in self.browser.requests()]
        for path in ("/api/session", "/api/fields", "/api/ad-accounts", "/api/campaigns"):
            self.assertEqual(paths.count(path), 1, path)

    def test_a_view_whose_script_does_not_load_says_so_and_opens_once_it_loads(self):
        page = self.dashboard
        self.block("views/syncs.js")
        self.enter(f"{SMALL}/campaigns")
        names = page.loaded().names
        self.mark()
        page.follow("Syncs")
        page.sees(MISSING)
        page.follow("Campaigns")
        self.assertEqual(page.loaded().names, names)
        self.assertNotIn(MISSING, page.text)
        page.follow("Syncs")
        page.sees(MISSING)
        self.unblock()
        page.press("Try again")
        page.sees("Started")
        self.assertTrue(self.is_marked(), "the page was loaded again")

    def test_a_view_whose_script_does_not_load_leaves_the_next_one_alone(self):
        page = self.dashboard
        self.block("views/syncs.js")
        self.enter(f"{SMALL}/campaigns")
        page.loaded()
        # Both changes of the address come before the script of Syncs fails to load.
        self.browser.run(f"location.hash = '#/{SMALL}/syncs'; location.hash = '#/{SMALL}/campaigns'")
        eventually("the script fails", lambda: self.is_requested("views/syncs.js"))
        page.loaded()
        self.assertNotIn(MISSING, page.text)
        self.unblock()
        page.follow("Syncs")
        page.sees("Started")

    def test_a_script_that_is_gone_after_an_upgrade_makes_the_page_load_again(self):
        page = self.dashboard
        self.block("views/syncs.js")
        self.enter(f"{SMALL}/campaigns?q=a")
        page.loaded()
        self.mark()
        page.follow("Syncs")
        page.sees(MISSING)
        page.press("Try again")
        eventually("a new page", lambda: not self.is_marked())
        self.assertEqual(page.place, f"{SMALL}/syncs?q=a")
        page.sees(MISSING)
        self.unblock()
        page.press("Try again")
        page.sees("Started")

    def test_without_a_network_the_page_and_its_data_stay(self):
        page = self.dashboard
        self.block("views/syncs.js")
        self.enter(f"{SMALL}/campaigns")
        names = page.loaded().names
        self.mark()
        self.browser.set_network(offline=True)
        page.follow("Syncs")
        page.sees(MISSING)
        page.press("Try again")
        eventually("an attempt to reach the server", lambda: [
            each for each in self.browser.requests() if each.method == "HEAD" and each.url == self.browser.origin + "/"
        ])
        page.sees(MISSING)
        page.follow("Campaigns")
        self.assertEqual(page.loaded().names, names)
        self.assertTrue(self.is_marked(), "the page was loaded again")

    def test_a_file_whose_script_does_not_load_is_saved_later(self):
        page = self.dashboard
        self.block("views/objects/export.js")
        self.enter(f"{SMALL}/campaigns")
        page.loaded()
        files = lambda: [each for each in os.listdir(self.browser.downloads) if each.startswith(f"campaigns-{SMALL}")]
        for name in files():
            os.remove(f"{self.browser.downloads}/{name}")
        page.press("Export as CSV")
        eventually("the notice", lambda: "The file wasn't saved." in page.notices)
        self.unblock()
        page.press("Try again")
        eventually("the file", lambda: [each for each in files() if each.endswith(".csv")])
        eventually("no notice", lambda: "wasn't saved" not in page.notices)

    def test_a_page_whose_first_scripts_do_not_load_says_so(self):
        page = self.dashboard
        self.block("views/shell.js")
        self.enter(f"{SMALL}/campaigns")
        page.sees("The dashboard didn't load. Check your network connection.")
        self.assertEqual(len(self.browser.wrongs()), 1)
        self.unblock()
        page.press("Try again")
        page.loaded()
