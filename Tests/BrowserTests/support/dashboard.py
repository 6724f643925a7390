"""The dashboard as people use it: by headings, labels, roles and texts."""

from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from browser import eventually

# Reads the table in one call, because rows may be redrawn between two calls.
READ_TABLE = """
const grid = document.querySelector("[role=grid]");
if (!grid) return null;
const texts = (row) => [...(row?.children ?? [])].map((cell) => cell.textContent.trim());
const heads = [...grid.querySelectorAll("thead th")];
return {
    isBusy: grid.getAttribute("aria-busy") === "true",
    count: Number(grid.getAttribute("aria-rowcount")) - 2,
    columns: heads.map((head) => head.querySelector("span")?.textContent ?? ""),
    sorted: Object.fromEntries(heads.filter((head) => head.hasAttribute("aria-sort"))
        .map((head) => [head.querySelector("span").textContent, head.getAttribute("aria-sort")])),
    rows: [...grid.querySelectorAll("tbody tr[aria-rowindex]")].map((row) => ({
        index: Number(row.getAttribute("aria-rowindex")) - 2,
        isSelected: row.getAttribute("aria-selected") === "true",
        texts: texts(row),
    })),
    totals: texts(grid.querySelector("tfoot tr")),
    scrollTop: grid.parentElement.scrollTop,
    elements: grid.querySelectorAll("tr").length,
};
"""


class Table:
    def __init__(self, members):
        self.__dict__.update(members)

    def column(self, label):
        place = self.columns.index(label)
        return [row["texts"][place] for row in self.rows]

    def total(self, label):
        return self.totals[self.columns.index(label)]

    @property
    def names(self):
        return [row["texts"][1] for row in self.rows]

    @property
    def selected(self):
        return [row["texts"][1] for row in self.rows if row["isSelected"]]


class Dashboard:
    def __init__(self, browser):
        self.browser = browser
        self.driver = browser.driver

    # --- The page and its place ---

    def open(self, place=""):
        """Loads the page. `place` is the part of the address after `#/`."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.browser.origin}/{'#/' if place else ''}{place}")

    def move(self, place):
        """Changes the address only, as a link does."""
        self.browser.run("location.hash = arguments[0]", "#/" + place)

    @property
    def place(self):
        return self.driver.current_url.partition("#/")[2]

    @property
    def text(self):
        """The visible text of the page."""
        return self.browser.run("return document.body.innerText")

    @property
    def heading(self):
        return self.browser.run("return document.querySelector('main h1')?.textContent ?? ''")

    @property
    def trail(self):
        """The names in the breadcrumb."""
        return self.browser.run(
            "return [...document.querySelectorAll('nav[aria-label=\"Breadcrumb\"] li')].map((item) => item.textContent)"
        )

    def leads_here(self, *names):
        """Waits for these names in the breadcrumb. They appear after their list has loaded."""
        eventually(lambda: f"{names} above the heading, but {self.trail}", lambda: self.trail == ["Campaigns", *names])

    def sees(self, text, seconds=6):
        eventually(lambda: f"“{text}” in: {self.text}", lambda: text in self.text, seconds)

    def shows(self, heading):
        """Waits for a view."""
        eventually(lambda: f"the view {heading}, but {self.heading}: {self.text[:300]}", lambda: self.heading == heading)

    # --- Elements of the page ---

    def find(self, path, seconds=6):
        """The first visible element at the path."""
        return eventually(lambda: f"an element {path} in: {self.text[:1000]}", lambda: self.look(path), seconds)

    def look(self, path):
        try:
            return next((each for each in self.driver.find_elements(By.XPATH, path) if each.is_displayed()), None)
        except StaleElementReferenceException:
            return None  # redrawn meanwhile

    def click(self, path):
        """Clicks the first visible element, even if it is redrawn meanwhile."""
        def attempt():
            element = self.look(path)
            try:
                return element and (element.click() or True)
            except (StaleElementReferenceException, ElementClickInterceptedException):
                return False
        eventually(lambda: f"something to click at {path} in: {self.text[:1000]}", attempt)

    @staticmethod
    def path_of_button(name):
        quoted = quote(name)
        return f"//button[normalize-space()={quoted} or starts-with(@aria-label, {quoted})]"

    def button(self, name):
        """The button with this text, or with a label that starts with it."""
        return self.find(self.path_of_button(name))

    def press(self, name):
        self.click(self.path_of_button(name))

    def follow(self, name):
        self.click(f"//a[normalize-space()={quote(name)} or @aria-label={quote(name)}]")

    @staticmethod
    def path_of_field(label):
        quoted = quote(label)
        return (
            f"//*[self::input or self::select][@aria-label={quoted} or ancestor::label[normalize-space(text())={quoted}"
            f" or normalize-space()={quoted}]]"
        )

    def field(self, label):
        return self.find(self.path_of_field(label))

    def tick(self, label):
        self.click(self.path_of_field(label))

    def choose(self, label, option):
        Select(self.field(label)).select_by_visible_text(option)

    def write(self, label, text):
        field = self.field(label)
        field.clear()
        field.send_keys(text)

    def set_day(self, label, day):
        """Sets the value of a date field, because typed digits depend on the reader's language."""
        self.browser.run("arguments[0].value = arguments[1]", self.field(label), day)

    def keys(self, *keys):
        """Sends keys to the focused element."""
        ActionChains(self.driver).send_keys(*keys).perform()

    @property
    def focus(self):
        """The label or text of the focused element."""
        return self.browser.run(
            "const it = document.activeElement;"
            "return it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent.trim()"
        )

    @property
    def notices(self):
        return self.browser.run("return document.querySelector('.notices')?.innerText ?? ''")

    # --- The table ---

    @property
    def table(self):
        read = self.browser.run(READ_TABLE)
        return read and Table(read)

    def loaded(self, count=None, seconds=10):
        """The table once its rows have loaded; with `count`, once it has that many."""
        def look():
            table = self.table
            return table if table and not table.isBusy and (table.count == count if count is not None else table.rows) else None
        return eventually(lambda: f"{count if count is not None else 'some'} rows in: {self.text[:1000]}", look, seconds)

    def sort(self, label):
        self.click(f"//*[@role='grid']//thead//button[span[1]={quote(label)}]")

    # --- Signing in ---

    def sign_in(self, email, password):
        self.write("Email", email)
        self.write("Password", password + Keys.ENTER)

    def is_sign_in(self):
        return self.browser.run("return document.querySelector('input[type=password]') !== null")

    def sees_sign_in(self):
        eventually(lambda: f"the form to sign in, but: {self.text[:300]}", self.is_sign_in)


def number(text):
    """The number in a cell such as `$1,234.50`, `1.25%` or `2.10×`; `None` for `–`."""
    digits = "".join(each for each in text if each in "0123456789.-")
    return float(digits) if digits else None


def quote(text):
    return f'"{text}"' if '"' not in text else "concat(" + ", '\"', ".join(f'"{part}"' for part in text.split('"')) + ")"
