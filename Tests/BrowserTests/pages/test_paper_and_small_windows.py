"""Zoomed pages, phones, paper, and names in right-to-left scripts."""

import base64

from browser import eventually
from case import BrowserCase
from stack import LARGE, NAMED

# Top and bottom of parts that must not overlap, in their order on the page.
EDGES = """
const edges = (element) => { const {top, bottom} = element.getBoundingClientRect(); return [Math.round(top), Math.round(bottom)]; };
return ["header.top", ".bar", ".tools", ".table-scroll", ".below"].map((each) => [each, ...edges(document.querySelector(each))]);
"""

# Whether a name is cut, and whether its first and its last letter lie within its cell.
FIRST_AND_LAST = """
const [cell, name] = [arguments[0], arguments[0].querySelector("bdi")], { left, right } = cell.getBoundingClientRect();
const isInside = (place) => {
    const range = document.createRange();
    range.setStart(name.firstChild, place);
    range.setEnd(name.firstChild, place + 1);
    const letter = range.getBoundingClientRect();
    return letter.left >= left - 1 && letter.right <= right + 1;
};
return [name.scrollWidth > name.clientWidth, isInside(0), isInside(name.textContent.trimEnd().length - 1)];
"""


class SmallWindowTests(BrowserCase):
    def test_the_tools_do_not_cover_the_table(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        page.loaded()
        # 1280 by 800 at 200 per cent; phones in landscape and upright.
        for width, height in ((640, 400), (640, 360), (740, 360), (667, 375), (932, 430), (960, 540), (360, 740), (1280, 800)):
            for view in ("campaigns", "ads"):
                with self.subTest(width=width, height=height, view=view):
                    self.browser.resize(width, height)
                    page.move(f"{LARGE}/{view}")
                    page.loaded()
                    edges = {name: (top, bottom) for name, top, bottom in self.browser.run(EDGES)}
                    self.assertLessEqual(edges[".tools"][1], edges[".bar"][1])
                    self.assertLessEqual(edges[".bar"][1], edges[".table-scroll"][0])
                    self.assertLessEqual(edges[".table-scroll"][1], edges[".below"][0])
                    top, bottom = edges[".table-scroll"]
                    self.assertGreaterEqual(bottom - top, 200)
                    # Scrolling reaches the last part.
                    self.browser.run("document.querySelector('.below').scrollIntoView()")
                    bottom = self.browser.run("return document.querySelector('.below').getBoundingClientRect().bottom")
                    self.assertLessEqual(bottom, height)

    def test_a_phone_shows_the_sorted_column_beside_the_name(self):
        page = self.dashboard
        self.enter(f"{LARGE}/ads?sort=-clicks")
        columns = page.loaded().columns
        self.browser.resize(390, 844)
        eventually("clicks beside the name", lambda: page.table.columns[2] == "Clicks")
        page.sort("Clicks")
        self.assertEqual(sorted(page.table.columns), sorted(columns))
        seen = self.browser.run(
            "return [...document.querySelectorAll('[role=grid] thead th')].filter((head) =>"
            " head.getBoundingClientRect().right <= document.querySelector('.table-scroll').clientWidth + 11).map((head) => head.textContent.trim())")
        self.assertGreaterEqual(len(seen), 3, seen)
        page.move(f"{LARGE}/campaigns")
        eventually("the spend", lambda: page.table and page.table.columns[1:4] == ["Campaign", "Spend", "Status"])
        self.browser.resize(1280, 800)
        eventually("the usual order", lambda: page.table.columns[1:5] == ["Campaign", "Status", "Budget", "Spend"])

    def test_notices_leave_most_of_a_low_window_to_the_page(self):
        page = self.dashboard
        self.stack.sql(f"UPDATE ad_accounts SET sync_status = 'error', sync_error = '{'It went wrong. ' * 30}' WHERE facebook_account_id = '{LARGE[4:]}'")
        try:
            # 1280 by 800 at 200 per cent.
            self.browser.resize(640, 400)
            self.enter(f"{LARGE}/campaigns?range=90d")
            page.loaded()
            eventually(lambda: f"two notices in {page.notices}", lambda: "It went wrong" in page.notices and "are not loaded" in page.notices)
            main, notices = self.browser.run("return ['main', '.notices'].map((each) => document.querySelector(each).getBoundingClientRect().height)")
            self.assertLessEqual(notices, 0.3 * 400 + 1)
            self.assertGreater(main, notices)
            # Scrolling reaches the last notice.
            self.browser.run("document.querySelector('.notice:last-child').scrollIntoView()")
            self.assertLessEqual(self.browser.run("return document.querySelector('.notice:last-child').getBoundingClientRect().bottom"), 401)
        finally:
            self.stack.sql(f"UPDATE ad_accounts SET sync_status = 'idle', sync_error = NULL WHERE facebook_account_id = '{LARGE[4:]}'")


class PaperTests(BrowserCase):
    def tearDown(self):
        self.browser.cdp("Emulation.setEmulatedMedia", media="", features=[])
        super().tearDown()

    def test_a_printed_table_has_all_rows_and_no_buttons(self):
        page = self.dashboard
        self.enter(f"{LARGE}/ad-sets")
        table = page.loaded()
        self.assertLess(len(table.rows), table.count)
        self.browser.cdp("Emulation.setEmulatedMedia", media="print", features=[])
        self.browser.run("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(len(page.table.rows), table.count)
        seen = self.browser.run(
            "return ['.top', '.tools', '.notices', 'thead input'].map((each) => document.querySelector(each)?.checkVisibility() ?? false)"
        )
        self.assertEqual(seen, [False] * 4)
        cut = self.browser.run(
            "return [document.body, ...document.querySelectorAll('main, .objects, .table-scroll')]"
            ".filter((each) => /auto|scroll|hidden/.test(getComputedStyle(each).overflowY)).map((each) => each.className)"
        )
        self.assertEqual(cut, [])
        self.browser.cdp("Emulation.setEmulatedMedia", media="", features=[])
        self.browser.run("dispatchEvent(new Event('afterprint'))")
        eventually("only rows near the visible ones", lambda: len(page.table.rows) < table.count)

    def test_a_long_table_takes_several_pages(self):
        page = self.dashboard
        self.enter(f"{LARGE}/ad-sets")
        page.loaded()
        pages = base64.b64decode(self.browser.cdp("Page.printToPDF", landscape=True)["data"])
        self.assertGreater(pages.count(b"/Type /Page\n") + pages.count(b"/Type /Page "), 5)


class DirectionTests(BrowserCase):
    def test_a_name_does_not_change_the_direction_of_the_text_around_it(self):
        page = self.dashboard
        name = "\u202egnirts sdrawkcab"
        id = self.stack.rows("/api/ads", NAMED, status="ALL")[0]["id"]
        self.stack.order(fault="rename", id=id, name=name)
        self.stack.sync(NAMED)
        eventually("the name", lambda: name in {row["name"] for row in self.stack.rows("/api/ads", NAMED, status="ALL")})
        self.enter(f"{NAMED}/ads?status=all")
        eventually("the name", lambda: page.table and name.strip() in page.table.names, 15)
        cell = page.find(f"//tbody//th[contains(., '{name}')]")
        self.assertEqual(self.browser.run("return getComputedStyle(arguments[0].querySelector('bdi')).unicodeBidi", cell), "isolate")
        self.assertEqual(cell.get_attribute("title"), f"\u2068{name}\u2069")
        self.assertEqual(cell.find_element("xpath", "preceding-sibling::td/input").get_attribute("aria-label"), f"Select \u2068{name}\u2069")
        # In all other cells with names.
        bare = self.browser.run(
            "return [...document.querySelectorAll('td.words, th.name')].filter((each) => each.textContent && !each.closest('thead, tfoot')"
            " && !each.querySelector('bdi, .status')).map((each) => each.textContent)"
        )
        self.assertEqual(bare, [])
        self.stack.order()

    def test_a_long_name_loses_its_end_in_either_direction(self):
        page = self.dashboard
        names = ["\u05e9\u05dc\u05d5\u05dd " * 20, "A name from left to right " * 10]
        ads = [row["id"] for row in self.stack.rows("/api/ads", NAMED, status="ALL")[:2]]
        for id, name in zip(ads, names):
            self.stack.order(fault="rename", id=id, name=name)
        self.stack.sync(NAMED)
        self.enter(f"{NAMED}/ads?status=all")
        for name in names:
            with self.subTest(name=name[:6]):
                cell = page.find(f"//tbody//th[contains(., '{name.strip()[:30]}')]", 15)
                cut, first, last = self.browser.run(FIRST_AND_LAST, cell)
                self.assertTrue(cut)
                self.assertTrue(first, "the first letter can be seen")
                self.assertFalse(last, "the last letter is cut off")
        # In the breadcrumb, beside the arrow.
        campaign = self.stack.rows("/api/campaigns", NAMED, status="ALL")[0]["id"]
        for width in (1280, 390):
            self.browser.resize(width, 800)
            for name in names:
                with self.subTest("breadcrumb", name=name[:6], width=width):
                    self.stack.order(fault="rename", id=campaign, name=name)
                    self.stack.sync(NAMED)
                    page.open(f"{NAMED}/ad-sets?status=all&campaign={campaign}")
                    item = page.find(f"//nav[@aria-label='Breadcrumb']//li[contains(., '{name.strip()[:30]}')]", 15)
                    self.assertEqual(self.browser.run(FIRST_AND_LAST, item), [True, True, False])
        self.stack.order()
