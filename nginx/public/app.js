// Shared by all views: the session, the accounts, the cache and the router.

import { accountsKey, fieldsKey } from "./lib/requests/ahead.js";
import { urlOf } from "./lib/requests/api.js";
import { formats } from "./lib/text/format.js";
import { QueryCache } from "./lib/requests/query-cache.js";
import { Router } from "./lib/page/router.js";
import { Notices } from "./elements/notices.js";
import { Shell } from "./views/shell.js";
import { signIn } from "./views/sign-in.js";

/** Milliseconds between two refreshes of stale data on screen, for pages that stay open all day. */
const refreshPace = 30_000;

export class App {
    session = null;
    /** Rows of `GET /api/ad-accounts`; `null` before the first response. */
    accounts = null;
    accountsError = null;
    /** When the server last returned them, on its clock. */
    accountsAt = 0;
    /** What `GET /api/fields` lists; `null` until it is known. */
    fields = null;
    fieldsError = null;
    #window;
    #kept;
    #channel;
    #shell = null;
    #endAccounts = () => {};
    #endFields = () => {};
    #formats = new Map();

    /**
     * @param {Window} window
     * @param {object} parts
     * @param {import("./lib/requests/api.js").Api} parts.api
     * @param {import("./lib/requests/ahead.js").Ahead} parts.kept
     * @param {import("./lib/page/preferences.js").Preferences} parts.preferences
     */
    constructor(window, { api, kept, preferences }) {
        this.#window = window;
        const clock = {
            now: () => Date.now(),
            setTimeout: (action, milliseconds) => window.setTimeout(action, milliseconds),
            clearTimeout: (timer) => window.clearTimeout(timer),
        };
        this.clock = clock;
        this.preferences = preferences;
        this.router = new Router(window);
        this.notices = new Notices({ now: clock.now, clock: formats({ locale: this.#locale }).clock });
        this.api = api;
        api.onSignedOut = () => this.#showSignIn("Your session expired. Sign in to continue.");
        this.#channel = new BroadcastChannel("admirror");
        this.#kept = kept;
        this.cache = new QueryCache({
            fetch: (key, request) => this.api.get(urlOf(key), request),
            clock,
            keeper: this.#kept,
            channel: this.#channel,
            isOnline: () => window.navigator.onLine,
        });
    }

    get #locale() {
        return this.#window.navigator.languages;
    }

    now() {
        return this.clock.now();
    }

    /** How the whole page loads again: see `retryLate`. */
    page = {
        isReachable: () => this.#window.fetch("/", { method: "HEAD", cache: "no-store" }).then(({ ok }) => ok, () => false),
        reload: () => this.#window.location.reload(),
    };

    /** Converts a browser time to the server's clock, so that a wrong browser clock does not distort ages. */
    serverTime = (moment = this.now()) => moment + this.api.clockSkew;

    /** @param {string|null} currency */
    formats(currency) {
        if (!this.#formats.has(currency)) this.#formats.set(currency, formats({ locale: this.#locale, currency }));
        return this.#formats.get(currency);
    }

    /** @param {Promise<{text: string}>} response - The response of `GET /api/session`. */
    start(response) {
        this.#listen();
        return this.#resume(response);
    }

    /** Shows the dashboard if there is a session, else the form to sign in. */
    async #resume(response = this.api.get("/api/session")) {
        let session;
        try {
            session = JSON.parse((await response).text);
        } catch (error) {
            return this.#showSignIn(`${error.message} ${error.hint}`);
        }
        if (session.user) this.#enter(session);
        else this.#showSignIn("");
    }

    #listen() {
        const { document } = this.#window;
        const wake = () => document.visibilityState === "visible" && this.session && (this.cache.refresh(), this.#shell?.look(), this.#shell?.tick());
        document.addEventListener("visibilitychange", wake);
        this.#window.addEventListener("focus", wake);
        const network = () => {
            this.notices.set("offline", this.#window.navigator.onLine ? null : {
                tone: "waiting", text: "You are offline. Loaded data stays visible and refreshes when you are back online.",
            });
            wake();
        };
        this.#window.addEventListener("online", network);
        this.#window.addEventListener("offline", network);
        this.#window.setInterval(() => document.visibilityState === "visible" && this.session && (this.cache.refresh(), this.#shell?.tick()), refreshPace);
        this.#channel.addEventListener("message", ({ data }) => {
            if (data?.type === "signed-out" && this.session) this.#showSignIn("You signed out in another tab.");
            else if (data?.type === "signed-in" && !this.session) this.#resume();
            else if (this.session) this.cache.receive(data);
        });
        this.router.listen((place) => this.#shell?.show(place));
        document.addEventListener("keydown", (event) => {
            const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
            if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
            const search = document.querySelector("[data-search]");
            if (!search) return;
            event.preventDefault();
            search.focus();
            search.select();
        });
    }

    // --- Signing in and out ---

    #enter(session) {
        this.#kept.open(session.user.id);
        this.session = session;
        this.#shell = new Shell(this);
        this.#window.document.body.replaceChildren(...this.#shell.elements);
        this.#endFields = this.cache.subscribe(fieldsKey, ({ data, error }) => {
            const isFirst = this.fields === null;
            this.fieldsError = data ? null : error;
            // Views that are open keep the fields with which they were opened.
            this.fields = data?.fields ?? this.fields;
            if (isFirst && (this.fields || this.fieldsError)) this.#shell?.show(this.router.place);
        });
        let known;
        this.#endAccounts = this.cache.subscribe(accountsKey, ({ data, error, updatedAt }) => {
            this.accountsAt = this.serverTime(updatedAt);
            this.accountsError = data ? null : error;
            if (known === data && !this.accountsError) return;
            known = data;
            this.accounts = data?.adAccounts.map(withPrefix) ?? null;
            this.#shell.accountsChanged();
        });
    }

    #leave() {
        this.session = null;
        this.accounts = null;
        this.#endAccounts();
        this.#endFields();
        this.fields = null;
        this.#shell?.destroy();
        this.#shell = null;
        this.notices.clear();
        return this.cache.clear();
    }

    #showSignIn(reason) {
        if (this.#window.document.querySelector(".sign-in") && !this.session) return;
        this.#leave();
        const view = signIn({
            api: this.api,
            reason,
            onSignedIn: (session) => {
                this.#channel.postMessage({ type: "signed-in" });
                this.#enter(session);
            },
        });
        this.#window.document.title = "Sign in – AdMirror";
        this.#window.document.body.replaceChildren(view.element);
        view.focus();
    }

    async signOut({ everywhere = false } = {}) {
        try {
            await this.api.send("DELETE", everywhere ? "/api/session?everywhere=true" : "/api/session");
        } catch (error) {
            return this.notices.set("sign-out", error);
        }
        this.#channel.postMessage({ type: "signed-out" });
        this.#showSignIn("You signed out.");
    }

    /** Requests the accounts and the fields again if they are missing. */
    reload() {
        if (this.accounts === null) this.cache.refetch(accountsKey);
        if (this.fields === null) this.cache.refetch(fieldsKey);
    }

    /**
     * Shows the age of the view's data.
     *
     * @param {import("./lib/requests/cache-entry.js").Snapshot|null} snapshot
     * @param {string[]} parts - The parts of the account in the view, as `GET /api/sync/status` names them.
     * @param {{from: string, to: string}} range
     */
    showAge(snapshot, parts, range) {
        this.#shell?.showAge(snapshot?.data === undefined ? null : snapshot.updatedAt, parts, range);
    }

    /** Parameters that other accounts and tabs keep. */
    get lasting() {
        return this.#shell?.lasting ?? {};
    }

    /** Requests the account's sync status now. */
    look() {
        this.#shell?.look();
    }

    /** Announces a text to screen readers. */
    announce(text) {
        this.#shell?.announce(text);
    }
}

/** Adds the prefix `act_`, as Facebook's own pages show ids. */
const withPrefix = (account) => ({ ...account, facebook_id: `act_${account.facebook_id.replace(/^act_/, "")}` });
