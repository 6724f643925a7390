"""Chromium's own cache, for pages of other sites that call `fetch` without options."""

import json
import os

from browser import Browser, eventually
from case import BrowserCase
from stack import SMALL, Stack

FETCH = """
const [path, options, done] = arguments;
fetch(path, options).then(async (answer) => done({status: answer.status, text: await answer.text()}),
                          (error) => done({status: 0, text: String(error)}));
"""


class ClientCacheTests(BrowserCase):
    def test_with_the_default_header_the_first_fetch_after_a_sync_returns_old_data_and_the_second_new_data(self):
        self.enter(f"{SMALL}/campaigns")
        self.dashboard.loaded()
        reader = Reader(self.stack, self.browser)
        renamed = reader.rename_and_sync("Renamed once")
        # stale-while-revalidate: the browser returns its copy, and requests a new one in the background.
        self.assertNotIn(renamed, reader.fetch())
        eventually("the new name", lambda: renamed in reader.fetch())

    def test_a_fetch_with_no_cache_returns_new_data_at_once(self):
        self.enter(f"{SMALL}/campaigns")
        self.dashboard.loaded()
        reader = Reader(self.stack, self.browser)
        renamed = reader.rename_and_sync("Renamed twice")
        self.assertIn(renamed, reader.fetch(cache="no-cache"))

    def test_with_client_cache_control_no_cache_each_fetch_after_a_sync_returns_new_data(self):
        folder = os.path.dirname(self.stack.state)
        stack = Stack(folder + "/stack-no-cache", "--account 12:4:8:20", CLIENT_CACHE_CONTROL="no-cache")
        try:
            browser = Browser(folder + "/browser-no-cache", stack.address)
            try:
                browser.set_cookie("admirror", stack.begin_session())
                browser.driver.get(stack.address + "/favicon.svg")
                reader = Reader(stack, browser)
                renamed = reader.rename_and_sync("Renamed thrice")
                self.assertIn(renamed, reader.fetch())
                # An unchanged response has no body.
                browser.forget_log()
                self.assertIn(renamed, reader.fetch())
                statuses = lambda: [each.status for each in browser.requests() if "/api/campaigns" in each.url]
                eventually(statuses, lambda: statuses() == [304])
            finally:
                browser.quit()
        finally:
            stack.stop()


class Reader:
    """A page that fetches the campaigns of an account."""

    PATH = f"/api/campaigns?adAccountId={SMALL}&status=ALL"

    def __init__(self, stack, browser):
        self.stack = stack
        self.browser = browser

    def fetch(self, **options):
        answer = self.browser.driver.execute_async_script(FETCH, self.PATH, options)
        if answer["status"] != 200:
            raise AssertionError(f"{self.PATH} answers {answer}")
        return answer["text"]

    def rename_and_sync(self, name):
        """Fetches once, so that the browser has a copy. Then a forced sync reads a new name of a campaign."""
        campaign = json.loads(self.fetch())["campaigns"][0]
        self.stack.order(fault="rename", id=campaign["id"], name=name)
        self.stack.sync(SMALL)
        # nginx reuses an authorization, with its data version, for a second. This loop does not touch the browser's copy.
        eventually("the new response in nginx", lambda: name in self.fetch(cache="no-store"))
        return name
