"""Tables: opening rows, order, search, filters, days, columns, and the address that holds all of them."""

import datetime

from browser import eventually
from case import BrowserCase
from dashboard import number
from selenium.webdriver.common.keys import Keys
from stack import LARGE, SMALL


class TableTests(BrowserCase):
    def count(self, account):
        return len(self.stack.rows("/api/campaigns", account))

    def test_rows_lead_from_campaigns_to_ad_sets_to_ads_and_the_breadcrumb_back(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns?range=7d")
        campaign = max(self.stack.rows("/api/campaigns", SMALL),
                       key=lambda row: len(self.stack.rows("/api/ads", SMALL, campaignId=row["id"])))
        sets = self.stack.rows("/api/ad-sets", SMALL, campaignId=campaign["id"])
        chosen = max(sets, key=lambda row: len(self.stack.rows("/api/ads", SMALL, adSetId=row["id"])))
        ads = self.stack.rows("/api/ads", SMALL, adSetId=chosen["id"])
        page.loaded(self.count(SMALL))
        page.follow(campaign["name"])
        page.shows("Ad sets")
        self.assertEqual(sorted(page.loaded(len(sets)).names), sorted(row["name"] for row in sets))
        page.leads_here(campaign["name"])
        page.follow(chosen["name"])
        page.shows("Ads")
        self.assertEqual(sorted(page.loaded(len(ads)).names), sorted(row["name"] for row in ads))
        page.leads_here(campaign["name"], chosen["name"])
        self.assertIn("range=7d", page.place)
        page.driver.back()
        page.shows("Ad sets")
        page.loaded(len(sets))
        page.driver.forward()
        page.shows("Ads")
        page.follow(campaign["name"])
        page.shows("Ad sets")
        page.click("//nav[@aria-label='Breadcrumb']//a[.='Campaigns']")
        page.shows("Campaigns")
        page.loaded(self.count(SMALL))
        self.assertIn("range=7d", page.place)

    def test_columns_sort_both_ways(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        self.assertEqual(page.loaded(self.count(LARGE)).sorted, {"Spend": "descending"})
        for label in ("Clicks", "CTR"):
            page.sort(label)
            table = page.loaded(self.count(LARGE))
            self.assertEqual(table.sorted, {label: "descending"})
            values = [number(text) for text in table.column(label)]
            self.assertEqual(values, sorted(values, key=lambda value: (value is None, -(value or 0))))
            page.sort(label)
            values = [number(text) for text in page.loaded(self.count(LARGE)).column(label)]
            self.assertEqual(values, sorted(values, key=lambda value: (value is None, value or 0)))
        page.sort("Campaign")
        self.assertIn("sort=name", page.place)
        self.assertEqual(page.table.sorted, {"Campaign": "ascending"})

    def test_spend_without_a_result_sorts_as_the_highest_cost(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns?status=all")
        page.loaded()

        def ranks():
            """The rank of each cost, for the rows in the document."""
            table = page.loaded()
            for cost, spend, results in zip(*(table.column(label) for label in ("Cost / conv.", "Spend", "Conversions"))):
                if cost != "–":
                    yield number(cost)
                else:
                    self.assertEqual(number(results), 0)
                    yield float("inf") if number(spend) > 0 else None

        page.sort("Cost / conv.")
        seen = list(ranks())
        self.assertEqual(seen[0], float("inf"))
        self.assertTrue(any(each is not None and each < float("inf") for each in seen))
        self.assertEqual(seen, sorted(seen, key=lambda each: (each is None, -(each or 0))))
        page.sort("Cost / conv.")
        seen = list(ranks())
        self.assertLess(seen[0], float("inf"))
        self.assertEqual(seen, sorted(seen, key=lambda each: (each is None, each or 0)))

    def test_an_address_may_have_a_status_of_the_api(self):
        page = self.dashboard
        for status, label in (("ACTIVE,PAUSED", "Active, Paused"), ("CAMPAIGN_PAUSED", "Campaign paused")):
            with self.subTest(status=status):
                wanted = self.stack.rows("/api/ads", LARGE, status=status)
                self.enter(f"{LARGE}/ads?status={status}")
                page.loaded(len(wanted)) if wanted else page.sees("No ads match")
                chosen = self.browser.run("return arguments[0].selectedOptions[0].textContent", page.field("Status"))
                self.assertEqual(chosen, label)
        page.choose("Status", "Active")
        page.loaded(len(self.stack.rows("/api/ads", LARGE, status="ACTIVE")))

    def test_search_and_status_narrow_the_table_and_its_totals(self):
        page = self.dashboard
        self.enter(f"{LARGE}/ads")
        ads = self.stack.rows("/api/ads", LARGE)
        all_ads = page.loaded(len(ads))
        page.keys("/")
        self.assertEqual(page.focus, "Search ads by name or id")
        page.keys("COPY")
        found = [row for row in ads if "copy" in row["name"].lower()]
        table = page.loaded(len(found))
        self.assertTrue(0 < len(found) < len(ads) and all("Copy" in name for name in table.names))
        self.assertEqual(number(table.total("Impressions")), sum(row["impressions"] for row in found))
        self.assertNotEqual(table.total("Impressions"), all_ads.total("Impressions"))
        page.choose("Status", "Active")
        found = self.stack.rows("/api/ads", LARGE, status="ACTIVE", q="copy")
        table = page.loaded(len(found))
        self.assertEqual(number(table.total("Impressions")), sum(row["impressions"] for row in found))
        self.assertIn("q=COPY", page.place)
        self.assertIn("status=active", page.place)
        page.sees(f"{len(found)} of {len(ads):,} ads")
        page.field("Search ads by name or id").send_keys(" of nothing")
        page.sees("No ads match")
        page.press("Clear filters")
        page.loaded(len(ads))

    def test_archived_rows_appear_when_the_filter_includes_them(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        current = page.loaded(self.count(LARGE))
        wanted = self.stack.rows("/api/campaigns", LARGE, status="ALL")
        self.assertGreater(len(wanted), current.count)
        page.choose("Status", "All")
        page.loaded(len(wanted))

    def test_totals_are_those_of_the_days(self):
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        page.loaded(self.count(LARGE))
        today = datetime.date.fromisoformat(self.stack.rows("/api/campaigns", LARGE)[0]["date_end"])
        self.check_totals({}, page.table)
        page.press("Days: ")
        page.click("//button[starts-with(normalize-space(), 'Last 7 days')]")
        week = {"from": today - datetime.timedelta(6), "to": today}
        eventually("the week's totals", lambda: self.are_totals(week, page.table))
        self.check_totals(week, page.table)
        self.assertIn("range=7d", page.place)
        page.press("Days: ")
        page.set_day("From", str(today - datetime.timedelta(3)))
        page.set_day("To", str(today - datetime.timedelta(2)))
        page.press("Apply")
        two = {"from": today - datetime.timedelta(3), "to": today - datetime.timedelta(2)}
        eventually("the two days' totals", lambda: self.are_totals(two, page.table))
        self.check_totals(two, page.table)
        # A choice of days adds a history entry, so *Back* undoes it.
        page.driver.back()
        eventually("the week's totals again", lambda: self.are_totals(week, page.table))

    def are_totals(self, days, table):
        rows = self.stack.rows("/api/campaigns", LARGE, **days)
        return not table.isBusy and number(table.total("Impressions")) == sum(row["impressions"] for row in rows)

    def check_totals(self, days, table):
        rows = self.stack.rows("/api/campaigns", LARGE, **days)
        spent, clicks, shown = (sum(row[name] for row in rows) for name in ("spent", "clicks", "impressions"))
        self.assertGreater(shown, 0)
        self.assertAlmostEqual(number(table.total("Spend")), spent, 2)
        self.assertEqual(number(table.total("Clicks")), clicks)
        self.assertAlmostEqual(number(table.total("CTR")), 100 * clicks / shown, 2)

    def test_selected_rows_are_added_up(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns?sort=name")
        table = page.loaded(self.count(SMALL))
        for name in table.names[:2]:
            page.tick(f"Select {name}")
        eventually("two are added up", lambda: page.table.totals[1] == "2 selected")
        table = page.table
        self.assertEqual(table.selected, table.names[:2])
        self.assertEqual(number(table.total("Clicks")), sum(number(each) for each in table.column("Clicks")[:2]))

    def test_columns_are_chosen_and_kept(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        self.assertNotIn("CPM", page.loaded(self.count(SMALL)).columns)
        page.press("Columns")
        page.tick("CPM")
        page.tick("Reach")
        page.keys(Keys.ESCAPE)
        self.assertEqual(page.focus, "Columns")
        columns = page.table.columns
        self.assertTrue("CPM" in columns and "Reach" not in columns, columns)
        page.open(f"{SMALL}/campaigns")
        self.assertEqual(page.loaded(self.count(SMALL)).columns, columns)

    def test_optional_columns_are_requested(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        page.loaded(self.count(SMALL))
        page.press("Columns")
        page.tick("Link clicks")
        page.tick("ROAS")
        page.keys(Keys.ESCAPE)
        rows = {row["name"]: row for row in self.stack.rows("/api/campaigns", SMALL, fields="name,spend,link_clicks,roas,conversion_value")}
        table = page.loaded(self.count(SMALL))
        self.assertTrue(any(row["link_clicks"] for row in rows.values()))
        for name, clicks, roas in zip(table.names, table.column("Link clicks"), table.column("ROAS")):
            self.assertEqual(number(clicks), rows[name]["link_clicks"], name)
            wanted = rows[name]["roas"]
            if wanted is None:
                self.assertEqual(roas, "–", name)
            else:
                self.assertAlmostEqual(number(roas), wanted, delta=0.006, msg=name)
        self.assertEqual(number(table.total("Link clicks")), sum(row["link_clicks"] for row in rows.values()))
        spent, value = (sum(row[each] for row in rows.values()) for each in ("spend", "conversion_value"))
        self.assertAlmostEqual(number(table.total("ROAS")), value / spent, delta=0.006)

    def test_the_address_holds_filters_days_and_order(self):
        page = self.dashboard
        self.enter(f"{LARGE}/ad-sets")
        page.loaded()
        word = self.stack.rows("/api/ad-sets", LARGE, status="ACTIVE")[0]["name"][:6]
        page.write("Search ad sets by name or id", word)
        page.choose("Status", "Active")
        page.sort("Clicks")
        seen = page.loaded()
        self.assertEqual(seen.sorted, {"Clicks": "descending"})
        address = page.driver.current_url
        page.driver.refresh()
        again = page.loaded(seen.count)
        # How many rows are drawn depends on what else is on the page.
        drawn = min(len(again.rows), len(seen.rows))
        self.assertGreater(drawn, 10)
        self.assertEqual((again.rows[:drawn], again.sorted), (seen.rows[:drawn], seen.sorted))
        self.assertEqual(page.field("Search ad sets by name or id").get_property("value"), word)
        page.driver.switch_to.new_window("tab")
        page.driver.get(address)
        other = page.loaded(seen.count)
        self.assertEqual(other.rows[0]["texts"], seen.rows[0]["texts"])
        self.assertEqual(other.sorted, seen.sorted)
