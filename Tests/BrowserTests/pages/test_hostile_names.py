"""Names that try to be more than text."""

from browser import eventually
from case import BrowserCase
from stack import LARGE, NAMED

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "javascript:alert(3)",
    "<svg onload=alert(4)>",
    "\"><iframe srcdoc='<script>alert(5)</script>'>",
    "{{constructor.constructor('alert(6)')()}}",
    "=HYPERLINK(\"http://192.0.2.1/\")",
    "\u202egnirts sdrawkcab <b>bold</b>",
]
# Elements that no view makes.
MADE = "return document.querySelectorAll('img, iframe, script:not([src]), svg[onload], [onerror], main b, a[href^=\"javascript:\" i]').length"


class HostileNamesTests(BrowserCase):
    def test_names_are_text_and_nothing_else(self):
        page = self.dashboard
        campaigns, sets, ads = (self.stack.rows(path, NAMED, status="ALL") for path in ("/api/campaigns", "/api/ad-sets", "/api/ads"))
        ad = ads[0]
        family = [ad["campaign_id"], ad["ad_set_id"], ad["id"]]
        others = [row["id"] for row in campaigns + sets + ads if row["id"] not in family]
        for id, name in zip(family + others, HOSTILE):
            self.stack.order(fault="rename", id=id, name=name)
        self.stack.sync(NAMED)
        # nginx reuses an authorization, with its data version, for a second.
        expected = eventually("the names", lambda: (names := self.names()) >= set(HOSTILE) and names)

        seen = set()
        self.enter(f"{NAMED}/campaigns?status=all")
        for view in ("campaigns", "ad-sets", "ads"):
            page.move(f"{NAMED}/{view}?status=all")
            page.shows({"campaigns": "Campaigns", "ad-sets": "Ad sets", "ads": "Ads"}[view])
            seen |= set(page.loaded().names)
            self.check(page)
        self.assertEqual(seen, expected)

        # Other places with names: the breadcrumb, lists of changes, the search field.
        page.move(f"{NAMED}/ads?status=all&campaign={family[0]}&adset={family[1]}")
        page.leads_here(HOSTILE[0], HOSTILE[1])
        self.check(page)
        page.move(f"{NAMED}/syncs")
        page.shows("Syncs")
        page.sees(HOSTILE[0])
        page.sees(HOSTILE[1])
        self.check(page)

    def names(self):
        return {row["name"] for path in ("/api/campaigns", "/api/ad-sets", "/api/ads")
                for row in self.stack.rows(path, NAMED, status="ALL")}

    def test_addresses_are_text_and_nothing_else(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&sort=javascript:alert(1)&range=%3Cscript%3E")
        page.sees("No campaigns match")
        self.assertEqual(page.field("Search campaigns by name or id").get_property("value"), "<img src=x onerror=alert(1)>")
        self.check(page)
        page.move("<img src=x onerror=alert(1)>/campaigns")
        page.shows("Overview")
        self.check(page)
        page.move(f"{LARGE}/ads?campaign=javascript:alert(1)&adset=<img src=x onerror=alert(1)>")
        page.sees("Ad set <img src=x onerror=alert(1)>")
        self.check(page)

    def test_a_script_in_the_page_would_be_reported(self):
        """Checks the checks: a script in the page does not run, and the browser reports it."""
        self.enter(f"{LARGE}/campaigns")
        self.dashboard.loaded()
        self.browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,x\" onerror=\"window.ran = true\">')")
        wrongs = eventually("a reported violation", self.browser.wrongs)
        self.assertIn("Content Security Policy", wrongs[0])
        self.assertIsNone(self.browser.run("return window.ran ?? null"))
        self.assertEqual(self.browser.run(MADE), 1)

    def check(self, page):
        # If a script had opened an alert, this call would fail.
        self.assertEqual(self.browser.run(MADE), 0, page.text)
