"""Days that are not loaded are never zero. The page shows them as missing, and loads them on request."""

import datetime
import json

from browser import eventually
from case import BrowserCase
from dashboard import number
from stack import DEEP, LARGE


class DaysHeldTests(BrowserCase):
    def today(self, account):
        return datetime.date.fromisoformat(self.stack.rows("/api/campaigns", account, status="ALL")[0]["date_end"])

    def cards(self):
        return self.browser.run("return [...document.querySelectorAll('[data-metric] .value')].map((each) => each.textContent)")

    def test_days_before_the_history_have_no_numbers(self):
        page = self.dashboard
        today = self.today(LARGE)
        first, last = today - datetime.timedelta(180), today - datetime.timedelta(91)
        self.enter(f"{LARGE}/campaigns?from={first}&to={last}")
        table = page.loaded()
        for label in ("Spend", "Impressions", "Clicks", "CTR"):
            self.assertEqual(set(table.column(label)), {"–"}, label)
            self.assertEqual(table.total(label), "–", label)
        titles = self.browser.run("return [...document.querySelectorAll('[role=grid] tbody td.number')].map((each) => each.title)")
        self.assertIn("Not available", titles)
        page.sees("None of these days are loaded.")
        page.follow("Overview")
        page.shows("Overview")
        eventually("cards without numbers", lambda: self.cards() and set(self.cards()) == {"–"})
        page.sees("None of these days are loaded.")
        self.assertNotRegex(page.text, r"(?<![0-9.,])0(\.00)?(?![0-9.,])")

    def test_a_range_that_is_partly_loaded_shows_which_days_are(self):
        page = self.dashboard
        today = self.today(LARGE)
        since = today - datetime.timedelta(29)
        self.enter(f"{LARGE}/campaigns?range=90d")
        table = page.loaded()
        page.sees(f"Days before {since:%b} {since.day}, {since.year} are not loaded.")
        page.sees("loaded: ")
        held = self.stack.rows("/api/campaigns", LARGE, **{"from": since, "to": today})
        self.assertEqual(number(table.total("Impressions")), sum(row["impressions"] for row in held))
        page.follow("Overview")
        page.shows("Overview")
        page.sees("not compared")
        page.follow("Campaigns")
        page.move(f"{LARGE}/campaigns?range=7d")
        eventually("no such text", lambda: "are not loaded" not in page.text)

    def test_a_manager_loads_older_days(self):
        page = self.dashboard
        today = self.today(DEEP)
        since = today - datetime.timedelta(59)
        days = {"from": since, "to": today - datetime.timedelta(40)}
        self.assertEqual({row["spent"] for row in self.stack.rows("/api/campaigns", DEEP, status="ALL", **days)}, {None})
        self.enter(f"{DEEP}/campaigns?status=all&from={days['from']}&to={days['to']}")
        self.assertEqual(page.loaded().total("Spend"), "–")
        page.press("Load older days")
        eventually("the days", lambda: page.table.total("Spend") != "–", 40)
        eventually("no such text", lambda: "loaded" not in page.notices, 40)
        rows = self.stack.rows("/api/campaigns", DEEP, status="ALL", **days)
        self.assertEqual(number(page.table.total("Impressions")), sum(row["impressions"] for row in rows))

    def test_the_button_loads_the_days_on_screen(self):
        page = self.dashboard
        today = self.today(DEEP)
        ago = lambda days: today - datetime.timedelta(days)
        farther, nearer = (f"{DEEP}/campaigns?from={ago(days)}&to={ago(days - 10)}" for days in (300, 200))
        self.enter(farther)
        # The second time the response is already loaded: the same text with other days.
        for place, first in ((farther, ago(300)), (nearer, ago(200)), (farther, ago(300))):
            page.move(place)
            page.sees(f"{first:%b} {first.day}")
            page.button("Load older days")
        self.browser.run(
            "const real = fetch; window.sent = []; window.fetch = (url, init) => init?.method === 'POST'"
            " ? (sent.push(init.body), Promise.resolve(new Response('{}'))) : real(url, init);"
        )
        page.press("Load older days")
        sent = lambda: self.browser.run("return sent")
        eventually("a request for older days", sent)
        self.assertEqual(json.loads(sent()[0])["historyDays"], 301)

    def test_a_viewer_has_no_button_to_load_days(self):
        self.stack.add_person("reader@example.com", "correct horse battery", (DEEP, "viewer"))
        self.browser.set_cookie("admirror", self.stack.begin_session("reader@example.com"))
        page = self.dashboard
        page.open(f"{DEEP}/campaigns?from=2020-01-01&to=2020-01-31")
        page.sees("None of these days are loaded.")
        self.assertNotIn("Load older days", page.notices)


class TodayTests(BrowserCase):
    def test_full_days_are_compared_unless_the_reader_includes_today(self):
        page = self.dashboard
        self.enter(f"{LARGE}/overview?range=7d")
        page.sees("Last 7 days, including today so far · changes compare full days: ")
        days = {day["date"]: day for day in self.stack.rows("/api/insights", LARGE, **{
            "from": self.first(), "to": self.last()})}
        self.check(page, days, end=-1, count=7)
        page.tick("Changes include today")
        page.sees("Last 7 days, including today so far · vs previous 7 days")
        self.assertIn("today=1", page.place)
        self.check(page, days, end=0, count=7)
        # A part of a day gives no colour.
        self.assertEqual(self.browser.run("return document.querySelectorAll('.delta.bad, .delta.good').length"), 0)
        page.driver.refresh()
        page.sees("Last 7 days, including today so far · vs previous 7 days")
        page.press("Today")
        page.tick("Changes include today")
        page.sees("Today so far · not compared until the day is over")

    def last(self):
        return datetime.date.fromisoformat(self.stack.rows("/api/insights", LARGE)[-1]["date"])

    def first(self):
        return self.last() - datetime.timedelta(29)

    def check(self, page, days, end, count):
        last = self.last() + datetime.timedelta(end)
        clicks = lambda start: sum(days[str(last - datetime.timedelta(start + each))]["clicks"] for each in range(count))
        now, then = clicks(0), clicks(count)
        wanted = f"{now:,} vs {then:,}"
        delta = lambda: self.browser.run("return document.querySelector('[data-metric=clicks] .delta')?.title ?? ''")
        eventually(lambda: f"{wanted}, but {delta()}", lambda: delta() == wanted)
