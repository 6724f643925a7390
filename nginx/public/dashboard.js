// Starts the dashboard. Requests the session and the data of the first view while the other scripts load. Applies the colours
// first, so that they do not change on screen.

import { Preferences, storageOf } from "./lib/page/preferences.js";
import { parse } from "./lib/page/router.js";
import { Ahead, keysAhead } from "./lib/requests/ahead.js";
import { Api } from "./lib/requests/api.js";
import { indexedStorage } from "./lib/requests/indexed-storage.js";
import { KeptAnswers } from "./lib/requests/kept-answers.js";

const place = parse(window.location.hash);
const preferences = new Preferences(storageOf(window));
const api = new Api({ fetch: (url, init) => window.fetch(url, init) });
const session = api.get("/api/session");
// `start` shows an error, but the error may come before that.
session.catch(() => {});
/** Safari has no `requestIdleCallback`. */
const idle = () => new Promise((resolve) => (window.requestIdleCallback ?? window.setTimeout)(resolve));
const kept = new Ahead({
    kept: new KeptAnswers({ storage: indexedStorage(window.indexedDB), now: Date.now, idle }),
    api,
    now: Date.now,
    // The preferences name an account as soon as a view has been open.
    isNew: preferences.get("account", null, () => true) === null,
});
kept.start(keysAhead(place, preferences), session);
for (const { content } of document.querySelectorAll(`template[data-views~="${place.view}"]`)) document.head.append(content);
try {
    const view = import("./views/scripts.js").then(({ views }) => views[place.view].load());
    view.catch(() => {}); // the view shows it
    const [{ App }, { applyTheme, themeOf }] = await Promise.all([import("./app.js"), import("./elements/theme-button.js")]);
    const app = new App(window, { api, kept, preferences });
    applyTheme(themeOf(app.preferences));
    app.start(session);
} catch (error) {
    showFailure();
    throw error;
}

/** Without the other scripts there are no elements of the dashboard. */
function showFailure() {
    const text = document.createElement("p");
    const button = document.createElement("button");
    text.textContent = "The dashboard didn't load. Check your network connection.";
    button.textContent = "Try again";
    button.addEventListener("click", () => window.location.reload());
    document.body.replaceChildren(text, button);
}
