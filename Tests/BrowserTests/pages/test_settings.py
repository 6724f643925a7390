"""The settings: people, their roles, and the colours of the page."""

from browser import eventually
from case import BrowserCase
from stack import SMALL


class SettingsTests(BrowserCase):
    def test_an_owner_adds_changes_and_removes_roles(self):
        self.stack.admirror("user", "add", "bob@example.com")
        page = self.dashboard
        self.enter("settings")
        page.press("People of Account 12")
        page.find("//p[strong='Account 12']")
        page.write("Email", "bob@example.com")
        page.choose("Role", "Viewer: can view")
        page.press("Add person")
        page.choose("Role of bob@example.com", "Manager: can also sync")
        eventually("bob is a manager", lambda: self.role("bob@example.com") == "manager")
        page.press("Remove bob@example.com")
        eventually("bob has no role", lambda: self.role("bob@example.com") == "")
        # An account keeps its last owner.
        page.press("Remove admin@localhost.localdomain")
        eventually(lambda: f"why not, in {page.text}", lambda: self.browser.run(
            "return [...document.querySelectorAll('[role=alert]')].some((each) => /owner/.test(each.textContent))"))
        self.assertEqual(self.role("admin@localhost.localdomain"), "owner")

    def role(self, email):
        return self.stack.sql(
            "SELECT role FROM account_access c JOIN users u ON u.id = c.user_id JOIN ad_accounts a ON a.id = c.ad_account_id"
            f" WHERE u.email = '{email}' AND a.facebook_account_id = '{SMALL[4:]}'"
        )

    def test_colours_are_chosen_and_kept(self):
        page = self.dashboard
        self.browser.set_colours("light")
        self.enter(f"{SMALL}/overview")
        page.shows("Overview")
        light = self.background()
        page.press("Colours: ")
        eventually("dark", lambda: self.background() != light)
        dark = self.background()
        page.driver.refresh()
        page.shows("Overview")
        self.assertEqual(self.background(), dark)

    def background(self):
        return self.browser.run("return getComputedStyle(document.body).backgroundColor")
