"""Connecting ad accounts with Facebook Login, at the simulator's dialog."""

from browser import eventually
from case import BrowserCase
from stack import BROKEN


class ConnectingTests(BrowserCase):
    def tearDown(self):
        self.stack.order()
        super().tearDown()

    def test_a_new_connection_ends_the_notice_about_the_old_one(self):
        page = self.dashboard
        self.stack.order(fault="token_expired", account=BROKEN)
        self.stack.sync(BROKEN)
        self.stack.order()
        self.enter(f"{BROKEN}/campaigns")
        refused = "Facebook no longer accepts this account's access."
        eventually(lambda: f"why it does not sync, in {page.text}", lambda: refused in page.notices)
        page.follow("Settings")
        page.shows("Settings")
        page.follow("Connect with Facebook")
        page.sees("Choose accounts to connect", 15)
        page.sees("already connected")
        self.check_padding()
        self.assertIn(refused, page.notices)
        page.press("Connect selected accounts")
        page.sees("Accounts connected.")
        # Sooner than the next periodic status request.
        eventually(lambda: f"no such notice as {page.notices}", lambda: refused not in page.notices)
        # None of the accounts is new.
        self.assertNotIn("first sync", page.text)
        page.press("Close")
        eventually("the settings alone", lambda: page.place == "settings")

    def check_padding(self):
        """The card's text is as far from its edge as that of the other cards."""
        distances = self.browser.run(
            "return [...document.querySelectorAll('section.card')].map((card) =>"
            " Math.round(card.querySelector('h2').getBoundingClientRect().left - card.getBoundingClientRect().left))")
        self.assertEqual(len(set(distances)), 1, distances)
        self.assertGreater(distances[0], 8)
