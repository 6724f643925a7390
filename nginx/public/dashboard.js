// Starts the dashboard. Requests the session and opens the stored responses while the other scripts load. Applies the colours
// first, so that they do not change on screen.

import { Api } from "./lib/requests/api.js";
import { indexedStorage } from "./lib/requests/indexed-storage.js";
import { KeptAnswers } from "./lib/requests/kept-answers.js";

const api = new Api({ fetch: (url, init) => window.fetch(url, init) });
const kept = new KeptAnswers({ storage: indexedStorage(window.indexedDB), now: Date.now });
const session = api.get("/api/session");
// `start` shows an error, but the error may come before that.
session.catch(() => {});
kept.prepare();
const [{ App }, { applyTheme, themeOf }] = await Promise.all([import("./app.js"), import("./elements/theme-button.js")]);
const app = new App(window, { api, kept });
applyTheme(themeOf(app.preferences));
app.start(session);
