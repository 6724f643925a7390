"""All views at all sizes, with the keyboard only, and for screen readers."""

import axe
from browser import eventually
from case import BrowserCase
from selenium.webdriver.common.keys import Keys
from stack import BROKEN, LARGE, SMALL

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
        eventually("a loaded page", lambda: self.browser.run(
            "return !document.querySelector('.bone, [aria-busy=true]') && document.fonts.status === 'loaded'"
        ))

    def test_no_page_is_wider_than_its_window(self):
        # The longest text next to an account's name.
        self.stack.sql(f"UPDATE ad_accounts SET sync_status = 'error', sync_error = 'It went wrong.' WHERE facebook_account_id = '{BROKEN[4:]}'")
        self.enter(f"{LARGE}/overview")
        for place in VIEWS:
            self.browser.resize(1280, 800)
            self.visit(place)
            # Resize the open page, as turning a phone does.
            for width, height in ((360, 740), (2560, 1300)):
                with self.subTest(width=width, view=place):
                    self.browser.resize(width, height)
                    self.check_width()
        self.browser.resize(360, 740)
        for view in ("overview", "campaigns"):
            self.dashboard.move(f"{LARGE}/{view}?range=90d")
            self.dashboard.sees("are not loaded.")
            with self.subTest("with a notice that has a button", view=view):
                self.check_width()
        self.visit(f"{LARGE}/campaigns")
        for name in ("Days: ", "Columns", "Ad account: "):
            with self.subTest(panel=name):
                self.dashboard.press(name)
                self.check_width()
                self.check_inside(self.dashboard.button(name).find_element("xpath", "following-sibling::*"))
                self.dashboard.keys(Keys.ESCAPE)

    def check_width(self):
        """Only tables may scroll sideways."""
        eventually(lambda: f"no page that scrolls to the side: {self.wide()}", lambda: not self.wide(), 2)

    def wide(self):
        return self.browser.run(
            "return [document.documentElement, ...document.querySelectorAll('body *')].filter((each) =>"
            "  each.scrollWidth > each.clientWidth && (each === document.documentElement || /auto|scroll/.test(getComputedStyle(each).overflowX))"
            "  && !each.matches('[role=region]') && !each.querySelector(':scope > [role=grid]'))"
            ".map((each) => `${each.tagName} ${each.className} ${each.scrollWidth} > ${each.clientWidth}`)"
        )

    def check_inside(self, element):
        left, right, width = self.browser.run(
            "const r = arguments[0].getBoundingClientRect(); return [r.left, r.right, innerWidth]", element)
        self.assertTrue(left >= 0 and right <= width and right > left, (left, right, width))

    def test_totals_are_not_cut(self):
        self.enter(f"{LARGE}/campaigns?status=all")
        self.dashboard.loaded()
        cut = self.browser.run(
            "return [...document.querySelectorAll('[role=grid] tfoot td, [role=grid] tbody td.number')]"
            ".filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)"
        )
        self.assertEqual(cut, [])

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
        for view in ("overview", "campaigns"):
            self.dashboard.move(f"{LARGE}/{view}?from=2024-01-01&to=2024-01-31")
            self.dashboard.sees("None of these days are loaded.")
            self.settled()
            self.check_both(f"{view} of days that are not held")
        self.dashboard.move(f"{LARGE}/campaigns?q=nothing+is+called+so")
        self.dashboard.sees("No campaigns match")
        self.check_both("nothing found")
        self.browser.set_network(offline=True)
        self.dashboard.move(f"{SMALL}/ads")
        self.dashboard.sees("You are offline", 15)
        self.dashboard.sees("Try again", 15)
        self.check_both("offline")

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
        self.assertEqual(page.focus, "Skip to content")
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
        # In the table the arrows move, and Enter opens a row.
        page.keys(Keys.ARROW_DOWN)
        name = page.table.names[1]
        self.assertIn(name, page.focus)
        page.keys(Keys.ENTER)
        page.shows("Ad sets")
        page.leads_here(name)

    def is_focus_seen(self):
        """The focused element has an outline. A focused row has one around its cells."""
        return self.browser.run(
            "const it = document.activeElement;"
            "return it.matches(':focus-visible') && [it, ...it.children].some((each) => {"
            "  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);"
            "  return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none'; })"
        )
