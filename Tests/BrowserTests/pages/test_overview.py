"""The overview: its numbers, its chart and its daily figures."""

import datetime

from browser import eventually
from case import BrowserCase
from stack import LARGE


class OverviewTests(BrowserCase):
    def card(self, label):
        """The number of a card, such as `200,222`."""
        return self.browser.run(
            "const card = [...document.querySelectorAll('[data-metric]')].find((each) => each.textContent.startsWith(arguments[0]));"
            "return card?.querySelector('.value').textContent ?? null", label,
        )

    def test_the_cards_show_the_numbers_of_the_period(self):
        page = self.dashboard
        self.enter(f"{LARGE}/overview")
        days = self.stack.rows("/api/insights", LARGE)
        for period, count in (("7 days", 7), ("30 days", 30), ("Today", 1)):
            page.press(period)
            last = days[-count:]
            self.assertEqual(len(last), count)
            eventually(f"the numbers of {period}", lambda: self.card("Clicks") == f"{sum(day['clicks'] for day in last):,}")
            self.assertEqual(self.card("Impressions"), f"{sum(day['impressions'] for day in last):,}")
            self.assertEqual(self.card("Spend"), f"${sum(day['spend'] for day in last):,.2f}")
        self.assertIn("range=today", page.place)

    def test_the_chart_shows_the_chosen_metric_and_a_table_has_its_days(self):
        page = self.dashboard
        self.enter(f"{LARGE}/overview?range=7d")
        page.sees("Spend by day")
        page.click("//button[@data-metric='clicks']")
        page.sees("Clicks by day")
        page.driver.refresh()
        page.sees("Clicks by day")
        page.click("//summary[.='Daily figures']")
        days = lambda: page.driver.find_elements("xpath", "//*[@aria-label='Daily figures']//tbody/tr")
        eventually("seven days", lambda: len(days()) == 7)
        today = datetime.date.fromisoformat(self.stack.rows("/api/insights", LARGE)[-1]["date"])
        self.assertIn(f"{today:%b} {today.day}", days()[0].text)

    def test_only_the_line_to_today_is_dotted(self):
        page = self.dashboard
        self.enter(f"{LARGE}/overview?range=7d")
        page.sees("today so far")
        # A line has a step `L` for each day after its first.
        steps = lambda look: self.browser.run(
            "return [...document.querySelectorAll(`.plot path.${arguments[0]}`)].map((each) => each.getAttribute('d').split('L').length - 1)", look)
        eventually("six days and today", lambda: (steps("now"), steps("open")) == ([5], [1]))
        legend = lambda: self.browser.run("return document.querySelector('.legend').textContent")
        self.assertIn("7 days earlier", legend())
        self.assertIn("today so far", legend())
        page.move(f"{LARGE}/overview?range=yesterday")
        eventually("whole days only", lambda: (steps("now"), steps("open")) == ([13], [0]))
        self.assertNotIn("today so far", legend())

    def test_a_range_in_the_future_has_no_numbers_and_says_so(self):
        page = self.dashboard
        first = datetime.date.today() + datetime.timedelta(40)
        days = f"from={first}&to={first + datetime.timedelta(9)}"
        self.enter(f"{LARGE}/overview?{days}")
        page.sees("in the future")
        page.sees("These days are in the future.")
        self.assertNotIn("including today", page.text)
        self.assertFalse(page.field("Changes include today").is_enabled())
        page.move(f"{LARGE}/campaigns?{days}")
        page.loaded()
        page.sees("These days are in the future.")
