"""Screenshots of each view, written to the folder ADMIRROR_SCREENSHOTS. Not a test."""

import os
import unittest

from browser import eventually
from case import BrowserCase
from stack import BROKEN, HELD, LARGE, NAMED, SMALL

FOLDER = os.environ.get("ADMIRROR_SCREENSHOTS")
SIZES = {360: 740, 1280: 800, 2560: 1300}
VIEWS = {
    "overview": f"{LARGE}/overview", "overview-today": f"{LARGE}/overview?range=today&metric=roas", "overview-part": f"{LARGE}/overview?range=90d",
    "not-held": f"{LARGE}/campaigns?from=2024-01-01&to=2024-01-31",
    "campaigns": f"{LARGE}/campaigns", "ad-sets": f"{LARGE}/ad-sets?q=look", "ads": f"{LARGE}/ads?status=all",
    "syncs": f"{SMALL}/syncs", "settings": "settings", "nothing": f"{SMALL}/ads?q=nothing", "no-account": "act_1/overview",
    "token-refused": f"{BROKEN}/campaigns", "held": f"{HELD}/overview",
}


@unittest.skipUnless(FOLDER, "ADMIRROR_SCREENSHOTS is not set")
class ScreenshotTests(BrowserCase):
    def test_pictures_of_all_views(self):
        os.makedirs(FOLDER, exist_ok=True)
        self.dashboard.open()
        self.dashboard.sees_sign_in()
        self.picture("sign-in")
        self.stack.order(fault="token_expired", account=BROKEN)
        self.stack.order(fault="rate_limited", account=HELD, value=30)
        self.stack.order(fault="rename", id=self.stack.rows("/api/campaigns", SMALL, status="ALL")[0]["id"], name="Renamed <b>today</b>")
        for account in (BROKEN, HELD, SMALL):
            self.stack.sync(account)
        self.stack.order()
        self.enter(f"{LARGE}/overview")
        for name, place in VIEWS.items():
            self.dashboard.move(place)
            self.settle()
            self.picture(name)
        self.dashboard.move(f"{LARGE}/ads")
        for name in ("Days: ", "Columns", "Ad account: "):
            self.settle()
            self.dashboard.press(name)
            self.picture("panel-" + name.split(":")[0].lower().replace(" ", "-"))
            self.dashboard.keys("\ue00c")  # Escape
        rows = self.stack.rows("/api/ads", LARGE)
        self.dashboard.move(f"{LARGE}/ads?campaign={rows[0]['campaign_id']}&adset={rows[0]['ad_set_id']}")
        self.settle()
        self.picture("deep")
        self.stack.order(fault="latency", value=700, account=SMALL)
        self.dashboard.move(f"{SMALL}/campaigns")
        self.settle()
        self.dashboard.press("Sync now")
        self.dashboard.sees("Syncing: reading")
        self.picture("syncing")
        self.stack.order()
        self.browser.set_network(offline=True)
        self.dashboard.sees("You are offline.")
        self.dashboard.move(f"{NAMED}/ads")
        self.dashboard.sees("Try again", 15)
        self.picture("offline")
        self.dashboard.move(f"{LARGE}/campaigns")
        self.settle()
        self.picture("offline-with-data")
        self.browser.set_network()

    def settle(self):
        eventually("a loaded page", lambda: self.browser.run("return !document.querySelector('.bone, [aria-busy=true]')"), 15)

    def picture(self, name):
        for scheme in ("light", "dark"):
            self.browser.set_colours(scheme)
            for width, height in SIZES.items():
                self.browser.resize(width, height)
                # After two frames the page is drawn in its new size.
                self.browser.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
                self.browser.driver.save_screenshot(f"{FOLDER}/{name}-{scheme}-{width}.png")
        self.browser.resize(1280, 800)
