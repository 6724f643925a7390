// The frame around all views: accounts, where one can go, how fresh it is.

import { address } from "../lib/api.js";
import { isHeldWhole } from "../lib/coverage.js";
import { dayOf, daysBetween } from "../lib/days.js";
import { fill, h, icon, icons } from "../lib/dom.js";
import { isolated } from "../lib/format.js";
import { accountFreshness } from "../lib/freshness.js";
import { format as formatPlace } from "../lib/router.js";
import { SyncWatch } from "../lib/sync-watch.js";
import { menu } from "../elements/menu.js";
import { SyncBar } from "../elements/sync-bar.js";
import { themeButton } from "../elements/theme-button.js";
import { objects } from "./objects.js";
import { overview } from "./overview.js";
import { emptyPanel, errorPanel } from "./states.js";

const tabs = [["overview", "Overview"], ["campaigns", "Campaigns"], ["ad-sets", "Ad sets"], ["ads", "Ads"], ["syncs", "Syncs"]];
/** What stays when one goes to another tab or account: the range, and what the tables are narrowed and sorted by. */
const lasting = ({ range, from, to, today, q, status, sort }) => ({ range, from, to, today, q, status, sort });

const isText = (value) => typeof value === "string";

/** Views that few people open first come when they are opened. */
const later = {
    syncs: async (app, account) => (await import("./syncs.js")).syncs(app, account),
    settings: async (app) => (await import("./settings.js")).settings(app),
};

export class Shell {
    #app;
    #place;
    #account = null;
    #view = null;
    #viewName = "";
    #watch = null;
    #nav = h("nav.tabs", { "aria-label": "Views" });
    #main = h("main", { id: "main", tabindex: "-1" });
    #spoken = h("div.unseen", { role: "status", "aria-live": "polite" });
    #accountName = h("span.account-name", {}, h("span.bone"));
    #accountMenu;
    #syncBar;
    #status = null;
    /** What stays of the last place of an account, also while one is in the settings. */
    #lasting = {};
    /** The account's day at which the view was last brought up to date. */
    #day = null;

    /** @param {import("../app.js").App} app */
    constructor(app) {
        this.#app = app;
        this.#place = app.router.place;
        this.#syncBar = new SyncBar({ app, onStart: () => this.look() });
        this.#accountMenu = menu({
            look: "button account", face: [this.#accountName, icon(icons.down)], content: () => this.#listAccounts(),
        });
        this.elements = [
            h("a.skip", { href: "#main", onclick: (event) => {
                event.preventDefault();
                this.#main.focus();
            } }, "Skip to the content"),
            h("header.top", {},
                h("div.brand", {}, h("a", { href: "#/", "aria-label": "AdMirror, overview" }, "AdMirror")),
                this.#accountMenu.element, this.#nav, this.#syncBar.element,
                h("div.corner", {}, themeButton(app.preferences),
                    h("a.button.icon-only", { href: "#/settings", "aria-label": "Settings" }, "⚙"))),
            this.#main, app.notices.element, this.#spoken,
        ];
        this.#drawNav();
    }

    // --- Where one is ---

    /** @param {import("../lib/router.js").Place} place */
    show(place) {
        this.#place = place;
        if (place.account !== null) this.#lasting = lasting(place.params);
        const { accounts } = this.#app;
        if (accounts === null) return this.#showState();
        const account = this.#accountOf(place);
        if (place.view !== "settings" && place.account === null && account) {
            return this.#app.router.replace({ account: account.facebook_id, view: "overview", params: this.#lasting });
        }
        this.#choose(account);
        this.#drawNav();
        if (place.view !== "settings" && !account) return this.#showState();
        this.#day = this.#today;
        const name = place.view === "settings" ? "settings" : `${place.account} ${place.view}`;
        if (name === this.#viewName && this.#view) return this.#view.update(place);
        this.#open(name, place, account);
    }

    /** The one that the address names; in settings, or where it names none, the last one or the first. */
    #accountOf({ account: named }) {
        const { accounts, preferences } = this.#app;
        const bare = named?.replace(/^act_/, "");
        if (named !== null) return accounts.find((row) => row.id === named || row.facebook_id.replace(/^act_/, "") === bare) ?? null;
        const last = preferences.get("account", "", isText);
        return accounts.find(({ facebook_id }) => facebook_id === last) ?? accounts[0] ?? null;
    }

    async #open(name, place, account) {
        const isFirst = this.#viewName === "";
        this.#close();
        this.#viewName = name;
        const [, view = "settings"] = name.split(" ");
        let made;
        if (later[view]) {
            try {
                made = await later[view](this.#app, account);
            } catch (error) {
                made = null;
                fill(this.#main, errorPanel({ message: "This page could not be loaded.", hint: "Check the network." }, () => this.#open(name, place, account)));
            }
            if (!made || this.#viewName !== name) return made?.destroy();
        } else {
            made = view === "overview" ? overview(this.#app, account) : objects(this.#app, account, view);
        }
        this.#view = made;
        fill(this.#main, made.element);
        made.update(this.#place);
        made.onStatus?.(this.#status);
        document.title = `${made.title}${account && view !== "settings" ? ` · ${isolated(account.name)}` : ""} – AdMirror`;
        if (!isFirst) this.#main.focus({ preventScroll: true });
    }

    #close() {
        this.#view?.destroy();
        this.#view = null;
        this.#viewName = "";
        this.#syncBar.showAge(null);
        this.#app.notices.set("view", null);
        this.#app.notices.set("days", null);
    }

    /** In the place of a view: no accounts yet, or not this one. */
    #showState() {
        const { accounts, accountsError, router } = this.#app;
        this.#close();
        if (accounts === null) {
            fill(this.#main, accountsError ? errorPanel(accountsError, () => this.#app.reloadAccounts()) : h("div.view", { "aria-busy": "true" }));
        } else if (accounts.length === 0) {
            fill(this.#main, emptyPanel("No ad account yet", "Connect one through Facebook, or ask its owner to give you a role.",
                h("a.button.primary", { href: "#/settings" }, "Settings")));
        } else {
            fill(this.#main, emptyPanel("This account is not here", "The address names an ad account that is not shown to you.",
                h("button.button", { type: "button", onclick: () => router.go({ account: null, view: "overview", params: {} }) }, "Go to your accounts")));
        }
    }

    #drawNav() {
        const account = this.#account?.facebook_id ?? this.#place.account;
        fill(this.#nav, tabs.map(([view, label]) => h("a", {
            href: account ? formatPlace({ account, view, params: this.#lasting }) : null,
            "aria-current": this.#place.view === view ? "page" : null,
        }, label)));
    }

    // --- Accounts ---

    accountsChanged() {
        const { accounts } = this.#app;
        this.#accountMenu.refresh();
        if (this.#view && accounts !== null) {
            const account = this.#accountOf(this.#place);
            if (account && this.#account) Object.assign(this.#account, account);
            this.#view.onAccounts?.();
            if (account || this.#place.view === "settings") return;
        }
        this.show(this.#app.router.place);
    }

    /** @param {object|null} account */
    #choose(account) {
        fill(this.#accountName, account ? h("bdi", {}, account.name) : "No account");
        this.#accountMenu.button.setAttribute("aria-label", `Ad account: ${isolated(account?.name ?? "none")}`);
        if (account?.facebook_id === this.#account?.facebook_id) return;
        this.#account = account;
        this.#watch?.end();
        this.#watch = null;
        this.#status = null;
        this.#syncBar.show(account, null);
        this.#app.notices.set("sync", null);
        this.#app.notices.set("start", null);
        if (!account) return;
        this.#app.preferences.set("account", account.facebook_id);
        this.#watch = new SyncWatch({
            account: account.facebook_id,
            ask: async (id) => JSON.parse((await this.#app.api.get(address("/api/sync/status", { adAccountId: id }))).text),
            clock: this.#app.clock,
            isVisible: () => document.visibilityState === "visible",
            onStatus: (status) => this.#take(account, status),
            onFailure: () => this.#syncBar.fail(),
            onNews: (stamp, status) => this.#news(account, stamp, status),
        });
        this.#watch.look();
    }

    #take(account, status) {
        this.#status = status;
        // Answers from before the last sync are asked for again, also those that this browser has kept over a reload. The
        // second more is that for which nginx lets a data version stand.
        if (status.lastSyncedAt) {
            const before = Date.parse(status.lastSyncedAt) - this.#app.serverTime(0) + 1_100;
            this.#app.cache.invalidate(`${account.facebook_id}|`, `synced ${status.lastSyncedAt}`, before);
        }
        this.#syncBar.show(account, status);
        this.#view?.onStatus?.(status);
    }

    #news(account, stamp, status) {
        const tell = (stamp) => {
            this.#app.cache.invalidate(`${account.facebook_id}|`, stamp);
            this.#app.cache.invalidate("-|", stamp);
        };
        tell(stamp);
        // nginx lets a data version from before stand for a second: what came in that second is asked for once more.
        this.#app.clock.setTimeout(() => tell(`${stamp} again`), 1_100);
        if (status.syncStatus !== "syncing") this.announce(status.run?.outcome === "done" ? "The sync is done." : "The sync has ended.");
    }

    #listAccounts() {
        const accounts = this.#app.accounts ?? [];
        const isSettings = this.#place.view === "settings";
        const view = isSettings ? "overview" : this.#place.view;
        return [h("ul.choices.accounts-choice", {}, accounts.map((account) => {
            const { state, label } = accountFreshness(account, this.#app.serverTime(), this.#app.accountsAt);
            return h("li", {}, h("a", {
                href: formatPlace({ account: account.facebook_id, view, params: this.#lasting }),
                "aria-current": account.facebook_id === this.#account?.facebook_id ? "true" : null,
                onclick: () => this.#accountMenu.close(),
            }, h("span", {}, h("span", { class: `dot ${state}`, "aria-hidden": "true" }), " ", h("bdi", {}, account.name)),
            h("small", {}, label, this.#spendOf(account))));
        }))];
    }

    /** " · $46.1K in 30 days": of other days than that, when not all are held. */
    #spendOf({ currency, totals }) {
        if ((totals?.spend ?? null) === null) return "";
        const { shortMoney, days } = this.#app.formats(currency);
        const { date_start: from, date_end: to, coverage } = totals;
        const held = isHeldWhole(totals) ? `in ${daysBetween(from, to)} days` : coverage?.from ? `on the days held, ${days(coverage)}` : "on the days held";
        return ` · ${shortMoney(totals.spend)} ${held}`;
    }

    // --- News ---

    /** Looks how the account's sync is doing. */
    look() {
        this.#watch?.look();
    }

    announce(text) {
        fill(this.#spoken, text);
    }

    /** @param {number|null} moment - When the server last confirmed the data on screen. */
    showAge(moment, parts, range) {
        this.#syncBar.showAge(moment, parts, range);
    }

    get #today() {
        return this.#account && dayOf(this.#app.now(), this.#account.time_zone);
    }

    /** Called now and then: after midnight "Last 7 days" are other days. */
    tick() {
        if (!this.#view || this.#today === this.#day) return;
        this.#day = this.#today;
        this.#view.update(this.#place);
    }

    /** What stays of the place of an account that one was at last: the range, the search, and so on. */
    get lasting() {
        return this.#lasting;
    }

    destroy() {
        this.#close();
        this.#watch?.end();
        this.#syncBar.destroy();
    }
}
