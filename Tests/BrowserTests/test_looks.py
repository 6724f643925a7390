"""All views at all sizes, with the keyboard alone, and for those who do not see them."""

import axe
from browser import eventually
from case import BrowserCase
from selenium.webdriver.common.keys import Keys
from stack import LARGE, SMALL

VIEWS = {
    f"{LARGE}/overview": "Overview", f"{LARGE}/campaigns": "Campaigns", f"{LARGE}/ad-sets": "Ad sets", f"{LARGE}/ads": "Ads",
    f"{LARGE}/syncs": "Syncs", "settings": "Settings",
}


class LooksTests(BrowserCase):
    def visit(self, place):
        """A view with all its data."""
        self.dashboard.move(place)
        self.dashboard.shows(VIEWS[place])
        self.settled()

    def settled(self):
        eventually("all that is still awaited", lambda: self.browser.run(
            "return !document.querySelector('.bone, [aria-busy=true]') && document.fonts.status === 'loaded'"
        ))

    def test_no_page_is_wider_than_its_window(self):
        self.enter(f"{LARGE}/overview")
        for width in (360, 2560):
            self.browser.resize(width, 740 if width == 360 else 1300)
            for place in VIEWS:
                with self.subTest(width=width, view=place):
                    self.visit(place)
                    wide, page = self.browser.run("const e = document.documentElement; return [e.scrollWidth, e.clientWidth]")
                    self.assertLessEqual(wide, page)
        self.browser.resize(360, 740)
        for name in ("Days: ", "Columns", "Ad account: "):
            with self.subTest(panel=name):
                self.dashboard.move(f"{LARGE}/campaigns")
                self.dashboard.shows("Campaigns")
                self.dashboard.press(name)
                self.check_inside(self.dashboard.button(name).find_element("xpath", "following-sibling::*"))
                self.dashboard.keys(Keys.ESCAPE)

    def check_inside(self, element):
        left, right, width = self.browser.run(
            "const r = arguments[0].getBoundingClientRect(); return [r.left, r.right, innerWidth]", element)
        self.assertTrue(left >= 0 and right <= width and right > left, (left, right, width))

    def test_axe_finds_nothing_serious(self):
        self.browser.set_colours("light")
        self.dashboard.open()
        self.dashboard.sees_sign_in()
        self.check_both("sign in")
        self.enter(f"{LARGE}/overview")
        for place in VIEWS:
            self.visit(place)
            self.check_both(place)
        self.visit(f"{LARGE}/campaigns")
        for name in ("Days: ", "Columns", "Ad account: "):
            self.dashboard.press(name)
            self.check_both(name)
            self.dashboard.keys(Keys.ESCAPE)
        self.dashboard.move(f"{LARGE}/campaigns?q=nothing+is+called+so")
        self.dashboard.sees("No campaigns match")
        self.check_both("nothing found")

    def check_both(self, what):
        for scheme in ("light", "dark"):
            self.browser.set_colours(scheme)
            with self.subTest(what, scheme=scheme):
                self.assertEqual(axe.problems(self.browser), [])

    def test_axe_would_find_something(self):
        self.dashboard.open()
        self.dashboard.sees_sign_in()
        self.browser.run("document.querySelector('input').closest('label').replaceWith(document.createElement('input'))")
        self.assertIn("critical label", axe.problems(self.browser)[0])

    def test_the_keyboard_is_enough(self):
        page = self.dashboard
        page.open(f"{SMALL}/campaigns?sort=name")
        page.sees_sign_in()
        self.browser.set_cookie("admirror", self.stack.begin_session())
        page.open(f"{SMALL}/campaigns?sort=name")
        page.loaded()
        page.keys(Keys.TAB)
        self.assertEqual(page.focus, "Skip to the content")
        page.keys(Keys.ENTER)
        order = []
        for _ in range(40):
            page.keys(Keys.TAB)
            order.append(page.focus)
            self.assertTrue(self.is_focus_seen(), page.focus)
            if self.browser.run("return document.activeElement.matches('tr[aria-rowindex]')"):
                break
        for name in ("Search campaigns by name or id", "Status", "Columns", "Export as CSV", "Select all rows"):
            self.assertIn(name, order)
        self.assertTrue(any(each.startswith("Days: ") for each in order), order)
        # In the table: the arrows move, Enter goes deeper.
        page.keys(Keys.ARROW_DOWN)
        name = page.table.names[1]
        self.assertIn(name, page.focus)
        page.keys(Keys.ENTER)
        page.shows("Ad sets")
        self.assertEqual(page.trail[-1], name)

    def is_focus_seen(self):
        """Something is drawn around what has the focus; of a row, around its cells."""
        return self.browser.run(
            "const it = document.activeElement;"
            "return it.matches(':focus-visible') && [it, ...it.children].some((each) => {"
            "  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);"
            "  return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none'; })"
        )
