"""The exported file has what is on screen: rows, order, columns and selection."""

import csv
import os

from browser import eventually
from case import BrowserCase
from dashboard import number
from selenium.webdriver.common.keys import Keys
from stack import LARGE, SMALL

TEXTS = ("Campaign", "Ad set", "Ad", "Status")


class TableFileTests(BrowserCase):
    def setUp(self):
        super().setUp()
        for name in self.files():
            os.remove(f"{self.browser.downloads}/{name}")

    @property
    def count(self):
        return len(self.stack.rows("/api/campaigns", SMALL))

    def files(self):
        return [each for each in os.listdir(self.browser.downloads) if each.endswith(".csv")]

    def saved(self):
        """Name and lines of the file that the button saves."""
        self.dashboard.press("Export as CSV")
        name = eventually("a file", lambda: next((each for each in self.files() if os.path.getsize(f"{self.browser.downloads}/{each}")), None))
        with open(f"{self.browser.downloads}/{name}", newline="", encoding="utf-8") as file:
            text = file.read()
        os.remove(f"{self.browser.downloads}/{name}")
        # Some programs need the byte order mark to detect UTF-8.
        self.assertEqual(text[0], "\ufeff")
        return name, list(csv.reader(text[1:].splitlines(keepends=True)))

    def check(self, table, selected=None):
        """Compares the file with the table, cell by cell."""
        name, (head, *lines) = self.saved()
        self.assertEqual(head, table.columns[1:])
        rows = [row["texts"][1:] for row in table.rows if selected is None or row["texts"][1] in selected]
        self.assertEqual(len(lines), len(rows))
        for line, row in zip(lines, rows):
            for label, cell, seen in zip(head, line, row):
                if label == "ID":
                    # A formula keeps the id as text, because spreadsheets round long numbers.
                    self.assertEqual(cell, f'="{seen}"')
                elif label in TEXTS:
                    self.assertEqual(cell.removeprefix("'"), seen)
                elif seen == "–":
                    self.assertEqual(cell, "", label)
                else:
                    # The table rounds to the cent, the file does not.
                    self.assertAlmostEqual(float(cell), number(seen), delta=0.006, msg=label)
        return name

    def test_rows_order_and_columns(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns?sort=name&range=7d")
        name = self.check(page.loaded(self.count))
        self.assertRegex(name, rf"^campaigns-{SMALL}-\d{{4}}-\d\d-\d\d-\d{{4}}-\d\d-\d\d\.csv$")
        page.press("Columns")
        for label in ("CPM", "ID", "Reach"):
            page.tick(label)
        page.keys(Keys.ESCAPE)
        page.sort("Clicks")
        table = page.loaded(self.count)
        self.assertTrue({"CPM", "ID"} < set(table.columns) and "Reach" not in table.columns)
        self.check(table)

    def test_filters_and_selection(self):
        page = self.dashboard
        self.enter(f"{SMALL}/ads?sort=-spend&status=all")
        table = page.loaded()
        self.check(table)
        word = table.names[0][:5]
        page.write("Search ads by name or id", word)
        page.choose("Status", "Active")
        found = self.stack.rows("/api/ads", SMALL, status="ACTIVE", q=word)
        table = page.loaded(len(found))
        self.check(table)
        page.move(f"{SMALL}/ads?sort=-spend&status=all")
        table = page.loaded(len(self.stack.rows("/api/ads", SMALL, status="ALL")))
        chosen = table.names[1]
        page.tick(f"Select {chosen}")
        eventually("it is selected", lambda: page.table.selected)
        self.check(table, selected=page.table.selected)

    def test_days_that_are_not_loaded_are_empty_cells(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns?from=2020-01-01&to=2020-01-31&sort=name")
        table = page.loaded(self.count)
        self.assertEqual(set(table.column("Spend")), {"–"})
        self.check(table)


class FilterTests(BrowserCase):
    """Each filter means the same in the table and in the API."""

    # By values of the API's `status`.
    STATUSES = {
        "Not archived": "", "Active": "ACTIVE", "Paused": "PAUSED,CAMPAIGN_PAUSED,ADSET_PAUSED", "Archived": "ARCHIVED",
        "Needs attention": "WITH_ISSUES,DISAPPROVED,PENDING_BILLING_INFO", "Deleted": "DELETED", "All": "ALL",
        "In review": "IN_PROCESS,PENDING_REVIEW,PREAPPROVED",
    }

    def test_status_and_search(self):
        page = self.dashboard
        self.enter(f"{LARGE}/ads")
        page.loaded()
        everything = self.stack.rows("/api/ads", LARGE, status="ALL")
        id = everything[7]["id"]
        for view, path in (("ads", "/api/ads"), ("ad-sets", "/api/ad-sets"), ("campaigns", "/api/campaigns")):
            page.move(f"{LARGE}/{view}")
            page.shows({"ads": "Ads", "ad-sets": "Ad sets", "campaigns": "Campaigns"}[view])
            for label, status in self.STATUSES.items():
                for q in ("", "copy", id, id[:9], id[3:]):
                    with self.subTest(view=view, status=label, q=q):
                        page.choose("Status", label)
                        page.field(f"Search {view.replace('-', ' ')} by name or id")
                        self.browser.run(
                            "const field = document.querySelector('[data-search]'); field.value = arguments[0];"
                            "field.dispatchEvent(new Event('input'))", q,
                        )
                        wanted = self.stack.rows(path, LARGE, q=q, sort="-impressions", **({"status": status} if status else {}))
                        if wanted:
                            table = page.loaded(len(wanted), 15)
                            self.assertEqual(number(table.total("Impressions")), sum(row["impressions"] for row in wanted))
                        else:
                            eventually("no rows", lambda: f"No {view.replace('-', ' ')}" in page.text)
