"""Signing in and out, and sessions that end."""

from browser import eventually
from case import BrowserCase
from stack import LARGE, OWNER, SMALL


class SigningInTests(BrowserCase):
    def count(self, path="/api/campaigns"):
        return len(self.stack.rows(path, SMALL))

    def test_a_wrong_password_shows_an_error_and_the_right_one_opens_the_requested_page(self):
        page = self.dashboard
        page.open(f"{SMALL}/campaigns?sort=name")
        page.sees_sign_in()
        page.sign_in(OWNER, "not the password")
        page.sees("The email address or password is wrong.")
        self.assertEqual(page.focus, "Password")
        self.assertEqual(page.field("Password").get_property("value"), "")
        page.sign_in(OWNER, self.stack.password)
        self.assertEqual(page.loaded(self.count()).sorted, {"Campaign": "ascending"})
        self.assertEqual(page.place, f"{SMALL}/campaigns?sort=name")
        cookie = self.browser.driver.get_cookie("admirror")
        self.assertTrue(cookie["httpOnly"] and cookie["sameSite"] == "Strict", cookie)

    def test_too_many_attempts_show_how_long_to_wait(self):
        self.stack.add_person("eve@example.com", "correct horse battery")
        self.stack.sql(
            "INSERT INTO sign_in_failures (address, person) "
            "SELECT '192.0.2.1', sha256('eve@example.com') FROM generate_series(1, 10)"
        )
        page = self.dashboard
        page.open()
        page.sees_sign_in()
        page.sign_in("eve@example.com", "correct horse battery")
        page.sees("Too many attempts. Try again in 15 min.")

    def test_signing_out_deletes_all_stored_data(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        name = page.loaded(self.count()).names[0]
        self.wait_until_stored("/api/campaigns")
        page.follow("Settings")
        page.press("Sign out")
        page.sees("You signed out.")
        self.assertNotIn(name, page.text)
        eventually("no stored responses", lambda: not self.stored())
        self.browser.driver.back()
        page.sees_sign_in()
        self.assertNotIn(name, page.text)

    def test_after_a_session_has_expired_signing_in_opens_the_same_page(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns?q=a")
        page.loaded()
        self.stack.end_sessions()
        # nginx reuses an authorization for a second.
        page.move(f"{SMALL}/ad-sets?sort=-clicks")
        eventually("the form to sign in", lambda: (self.browser.run("window.dispatchEvent(new Event('focus'))"), page.is_sign_in())[1])
        page.sees("Your session expired. Sign in to continue.")
        page.sign_in(OWNER, self.stack.password)
        self.assertEqual(page.loaded(self.count("/api/ad-sets")).sorted, {"Clicks": "descending"})

    def test_people_see_only_what_their_role_allows(self):
        self.stack.add_person("ada@example.com", "correct horse battery", (SMALL, "viewer"))
        page = self.dashboard
        self.browser.set_cookie("admirror", self.stack.begin_session("ada@example.com"))
        page.open(f"{SMALL}/campaigns")
        page.loaded(self.count())
        eventually("no button to sync", lambda: page.look(page.path_of_button("Sync now")) is None)
        page.move(f"{LARGE}/campaigns")
        page.sees("Account not found")

    def test_stored_data_belongs_to_one_person(self):
        self.stack.add_person("joe@example.com", "correct horse battery", (SMALL, "viewer"))
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        name = page.loaded().names[0]
        self.wait_until_stored("/api/campaigns")
        # Another person uses the browser without a sign-out.
        self.browser.set_cookie("admirror", self.stack.begin_session("joe@example.com"))
        page.open(f"{LARGE}/campaigns")
        page.sees("Account not found")
        self.assertNotIn(name, page.text)
        self.assertEqual([key for key in self.stored() if LARGE in key], [])
