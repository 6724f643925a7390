"""The base of all browser tests: one stack and one Chromium for the whole run, and rules that no test may break."""

import os
import re
import time
import unittest

from browser import eventually
from dashboard import Dashboard


class BrowserCase(unittest.TestCase):
    # Set by run.py.
    stack = None
    browser = None
    failures = None  # the folder for screenshots of failed tests

    def setUp(self):
        self.browser.forget()
        self.dashboard = Dashboard(self.browser)

    def shortDescription(self):
        """No description: the name of the test is one."""

    def enter(self, place):
        """Opens a place as the owner, who is signed in already."""
        self.browser.set_cookie("admirror", self.stack.begin_session())
        self.dashboard.open(place)

    def stored(self):
        """The keys of the responses that the browser has stored for the next page."""
        return self.browser.driver.execute_async_script(
            "const done = arguments[0], opening = indexedDB.open('admirror');"
            "opening.onsuccess = () => { const database = opening.result;"
            "if (!database.objectStoreNames.contains('metas')) return database.close(), done([]);"
            "const keys = database.transaction('metas').objectStore('metas').getAllKeys();"
            "keys.onsuccess = () => { database.close(); done(keys.result); }; };"
        )

    def wait_until_stored(self, *paths):
        """Responses are stored one by one, some time after they were shown: waits for one of each of these paths."""
        eventually(lambda: f"stored responses of {paths}, only {self.stored()}", lambda: all(any(path in key for key in self.stored()) for path in paths))

    def run(self, result=None):
        """Takes a screenshot of a failed test before the next one starts, and records how long the test took."""
        before = len(result.failures) + len(result.errors)
        began = time.monotonic()
        super().run(result)
        if "ADMIRROR_TEST_TIMES" in os.environ:
            with open(os.environ["ADMIRROR_TEST_TIMES"], "a") as times:
                times.write(f"{time.monotonic() - began:.2f} BrowserTests.{self.id()}\n")
        if len(result.failures) + len(result.errors) > before:
            name = re.sub(r"\W+", "-", self.id())
            os.makedirs(self.failures, exist_ok=True)
            self.browser.driver.save_screenshot(f"{self.failures}/{name}.png")

    def tearDown(self):
        """Checks that no script failed, the content security policy refused nothing, and no other host got a request."""
        self.assertEqual(self.browser.wrongs(), [])
        own = (self.browser.origin + "/", "data:", "blob:" + self.browser.origin, "about:")
        self.assertEqual([each for each in self.browser.requests() if not each.url.startswith(own)], [])
