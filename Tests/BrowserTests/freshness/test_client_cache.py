"""What Chromium's own cache does with the API's answers, for pages that fetch them without further ado."""

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
    def test_a_plain_fetch_after_a_sync_gets_the_old_answer_once_with_the_usual_header(self):
        self.enter(f"{SMALL}/campaigns")
        self.dashboard.loaded()
        reader = Reader(self.stack, self.browser)
        renamed = reader.rename_and_sync("Renamed once")
        # stale-while-revalidate: the browser gives what it has, and asks behind.
        self.assertNotIn(renamed, reader.fetch())
        eventually("the new name", lambda: renamed in reader.fetch())

    def test_a_fetch_that_asks_for_revalidation_gets_the_new_answer_at_once(self):
        self.enter(f"{SMALL}/campaigns")
        self.dashboard.loaded()
        reader = Reader(self.stack, self.browser)
        renamed = reader.rename_and_sync("Renamed twice")
        self.assertIn(renamed, reader.fetch(cache="no-cache"))

    def test_a_plain_fetch_after_a_sync_gets_the_new_answer_with_client_cache_control_no_cache(self):
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
                # And what has not changed costs no body.
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
        """Fetches, so that the browser has an answer; then a campaign gets another name, and a forced sync reads it."""
        campaign = json.loads(self.fetch())["campaigns"][0]
        self.stack.order(fault="rename", id=campaign["id"], name=name)
        self.stack.sync(SMALL)
        # nginx keeps an authorization for the rest of a second, and with it the version of the data. This neither reads nor
        # changes what the browser has.
        eventually("nginx has the new answer", lambda: name in self.fetch(cache="no-store"))
        return name
