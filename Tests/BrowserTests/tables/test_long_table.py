"""A table of 5,000 ads: only visible rows are in the document, however the reader scrolls to its end."""

from browser import eventually
from case import BrowserCase
from selenium.webdriver.common.keys import Keys
from stack import LARGE

MOST_ROWS = 200


class LongTableTests(BrowserCase):
    def setUp(self):
        super().setUp()
        self.enter(f"{LARGE}/ads?status=all&sort=name")
        self.ads = self.stack.rows("/api/ads", LARGE, status="ALL")
        self.assertEqual(len(self.ads), 5000)
        table = self.dashboard.loaded(len(self.ads))
        self.assertLess(table.elements, MOST_ROWS)
        self.last = len(self.ads) - 1

    def test_the_keyboard_leads_to_its_end(self):
        page = self.dashboard
        page.click("//tr[@aria-rowindex='2']/td[last()]")
        page.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
        self.assertEqual(self.focused(), 2)
        page.keys(Keys.PAGE_DOWN)
        self.assertGreater(self.focused(), 10)
        page.keys(Keys.END)
        eventually("the last row has the focus", lambda: self.focused() == self.last)
        self.check_end()
        self.assertTrue(self.is_seen_whole())
        page.keys(" ")
        eventually("it is selected", lambda: page.table.totals[1] == "1 selected")
        page.keys(Keys.HOME)
        eventually("the first row has the focus", lambda: self.focused() == 0)
        page.keys(Keys.ARROW_UP)
        self.assertEqual(self.focused(), 0)

    def test_the_wheel_leads_to_its_end(self):
        page = self.dashboard
        box = self.browser.run("const r = document.querySelector('[role=grid]').parentElement.getBoundingClientRect();"
                               "return {x: r.x + r.width / 2, y: r.y + r.height / 2}")
        turns, most = 0, 0
        while page.table.rows[-1]["index"] < self.last:
            self.browser.cdp("Input.dispatchMouseEvent", type="mouseWheel", deltaX=0, deltaY=9000, **box)
            most = max(most, page.table.elements)
            turns += 1
            self.assertLess(turns, 200)
        self.assertGreater(turns, 5)
        self.assertLess(most, MOST_ROWS)
        self.check_end()

    def check_end(self):
        table = self.dashboard.table
        self.assertEqual(table.rows[-1]["index"], self.last)
        self.assertLess(table.elements, MOST_ROWS)
        indices = [row["index"] for row in table.rows]
        self.assertEqual(indices, list(range(indices[0], self.last + 1)))
        self.assertIn(table.names[-1], {row["name"] for row in self.ads})

    def focused(self):
        return self.browser.run("return Number(document.activeElement.getAttribute('aria-rowindex')) - 2")

    def is_seen_whole(self):
        """Checks that the row is visible above the totals."""
        return self.browser.run(
            "const row = document.activeElement.getBoundingClientRect();"
            "const foot = document.querySelector('[role=grid] tfoot').getBoundingClientRect();"
            "return row.bottom <= foot.top + 1"
        )
