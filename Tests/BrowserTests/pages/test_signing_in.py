"""Signing in and out, and sessions that end."""

from browser import eventually
from case import BrowserCase
from stack import LARGE, OWNER, SMALL

# Whether anything of what the server said is kept in the browser.
KEPT = """
const done = arguments[0];
const request = indexedDB.open("admirror");
request.onsuccess = () => {
    const database = request.result;
    if (!database.objectStoreNames.contains("texts")) return database.close(), done(0);
    const count = database.transaction("texts").objectStore("texts").count();
    count.onsuccess = () => { database.close(); done(count.result); };
};
"""


class SigningInTests(BrowserCase):
    def count(self, path="/api/campaigns"):
        return len(self.stack.rows(path, SMALL))

    def kept(self):
        return self.browser.driver.execute_async_script(KEPT)

    def test_a_wrong_password_is_told_and_the_right_one_leads_to_where_one_wanted(self):
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

    def test_too_many_tries_are_told_with_how_long_to_wait(self):
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

    def test_signing_out_leaves_nothing_behind(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns")
        name = page.loaded(self.count()).names[0]
        eventually("answers are kept", self.kept)
        page.follow("Settings")
        page.press("Sign out")
        page.sees("You signed out.")
        self.assertNotIn(name, page.text)
        eventually("nothing is kept", lambda: self.kept() == 0)
        self.browser.driver.back()
        page.sees_sign_in()
        self.assertNotIn(name, page.text)

    def test_a_session_that_ends_is_told_and_one_goes_on_where_one_was(self):
        page = self.dashboard
        self.enter(f"{SMALL}/campaigns?q=a")
        page.loaded()
        self.stack.end_sessions()
        # nginx reuses an authorization for a second.
        page.move(f"{SMALL}/ad-sets?sort=-clicks")
        eventually("the session's end is seen", lambda: (self.browser.run("window.dispatchEvent(new Event('focus'))"), page.is_sign_in())[1])
        page.sees("Your session expired. Sign in to continue.")
        page.sign_in(OWNER, self.stack.password)
        self.assertEqual(page.loaded(self.count("/api/ad-sets")).sorted, {"Clicks": "descending"})

    def test_people_see_what_their_role_lets_them_do(self):
        self.stack.add_person("ada@example.com", "correct horse battery", (SMALL, "viewer"))
        page = self.dashboard
        self.browser.set_cookie("admirror", self.stack.begin_session("ada@example.com"))
        page.open(f"{SMALL}/campaigns")
        page.loaded(self.count())
        eventually("no button to sync", lambda: page.look(page.path_of_button("Sync now")) is None)
        page.move(f"{LARGE}/campaigns")
        page.sees("Account not found")

    def test_what_is_kept_is_for_one_person(self):
        self.stack.add_person("joe@example.com", "correct horse battery", (SMALL, "viewer"))
        page = self.dashboard
        self.enter(f"{LARGE}/campaigns")
        name = page.loaded().names[0]
        eventually("answers are kept", self.kept)
        # Another person uses the browser without a sign-out.
        self.browser.set_cookie("admirror", self.stack.begin_session("joe@example.com"))
        page.open(f"{LARGE}/campaigns")
        page.sees("Account not found")
        self.assertNotIn(name, page.text)
        keys = self.browser.driver.execute_async_script(
            "const done = arguments[0], opening = indexedDB.open('admirror');"
            "opening.onsuccess = () => { const database = opening.result, keys = database.transaction('texts').objectStore('texts').getAllKeys();"
            "keys.onsuccess = () => { database.close(); done(keys.result); }; };"
        )
        self.assertEqual([key for key in keys if LARGE in key], [])
