// The frame around all views: the account menu, the tabs and the sync bar.

import { address } from "../lib/requests/api.js";
import { dayOf } from "../lib/days/days.js";
import { fill, h, icon, icons } from "../lib/page/dom.js";
import { isolated } from "../lib/text/format.js";
import { retryLate } from "../lib/page/late.js";
import { format as formatPlace } from "../lib/page/router.js";
import { SyncWatch } from "../lib/status/sync-watch.js";
import { menu } from "../elements/menu.js";
import { SyncBar } from "../elements/sync-bar.js";
import { themeButton } from "../elements/theme-button.js";
import { accountList } from "./account-list.js";
import { emptyPanel, errorPanel } from "./states.js";
import { loadAll, views } from "./scripts.js";

const tabs = [["overview", "Overview"], ["campaigns", "Campaigns"], ["ad-sets", "Ad sets"], ["ads", "Ads"], ["syncs", "Syncs"]];
/** Parameters that other tabs and accounts keep: the range, the filters and the order. */
const lasting = ({ range, from, to, today, q, status, sort }) => ({ range, from, to, today, q, status, sort });

/** Milliseconds for which nginx may use a data version that a sync has replaced. */
const versionLifetime = 1_000;

/** Milliseconds after the first view until the scripts of the others load. */
const othersDelay = 2_000;

const isText = (value) => typeof value === "string";

export class Shell {
    #app;
    #place;
    #account = null;
    #view = null;
    #viewName = "";
    /** Names the view that is being opened, while its script loads. */
    #opening = null;
    /** The timer that loads the scripts of the other views. */
    #others = null;
    #watch = null;
    #nav = h("nav.tabs", { "aria-label": "Views" });
    #main = h("main", { id: "main", tabindex: "-1" });
    #spoken = h("div.unseen", { role: "status", "aria-live": "polite" });
    #accountName = h("span.account-name", {}, h("span.bone"));
    #accountMenu;
    #syncBar;
    #status = null;
    /** The kept parameters of the last place with an account, also while the settings are open. */
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
            } }, "Skip to content"),
            h("header.top", {},
                h("div.brand", {}, h("a", { href: "#/", "aria-label": "AdMirror, overview" }, "AdMirror")),
                this.#accountMenu.element, this.#nav, this.#syncBar.element,
                h("div.corner", {}, themeButton(app.preferences),
                    h("a.button.icon-only", { href: "#/settings", "aria-label": "Settings" }, "⚙"))),
            this.#main, app.notices.element, this.#spoken,
        ];
        this.#drawNav();
    }

    // --- The open view ---

    /** @param {import("../lib/page/router.js").Place} place */
    show(place) {
        this.#place = place;
        if (place.account !== null) this.#lasting = lasting(place.params);
        if (this.#isWaiting) return this.#showState();
        const account = this.#accountOf(place);
        if (place.view !== "settings" && place.account === null && account) {
            return this.#app.router.replace({ account: account.facebook_id, view: "overview", params: this.#lasting });
        }
        this.#choose(account);
        this.#drawNav();
        if (place.view !== "settings" && !account) return this.#showState();
        this.#day = this.#today;
        const name = place.view === "settings" ? "settings" : `${place.account} ${place.view}`;
        // A view whose script is still loading gets the place once it is there.
        if (name === this.#viewName) return this.#view?.update(place);
        this.#open(name, this.#account);
    }

    /** The account that the address names; without one, the account used last, else the first. */
    #accountOf({ account: named }) {
        const { accounts, preferences } = this.#app;
        const bare = named?.replace(/^act_/, "");
        if (named !== null) return accounts.find((row) => row.id === named || row.facebook_id.replace(/^act_/, "") === bare) ?? null;
        const last = preferences.get("account", "", isText);
        return accounts.find(({ facebook_id }) => facebook_id === last) ?? accounts[0] ?? null;
    }

    async #open(name, account) {
        const isFirst = this.#viewName === "";
        this.#close();
        this.#viewName = name;
        const opening = (this.#opening = {});
        const [, view = "settings"] = name.split(" ");
        const script = views[view];
        if (!script.loaded) {
            try {
                await script.load();
            } catch (error) {
                if (this.#opening === opening) this.#showMissing(script, error);
                return;
            }
            // Another view was opened meanwhile.
            if (this.#opening !== opening) return;
        }
        const made = script.loaded(this.#app, account, view);
        this.#view = made;
        fill(this.#main, made.element);
        made.update(this.#place);
        made.onStatus?.(this.#status);
        document.title = `${made.title}${account && view !== "settings" ? ` · ${isolated(account.name)}` : ""} – AdMirror`;
        if (!isFirst) this.#main.focus({ preventScroll: true });
        this.#others ??= this.#app.clock.setTimeout(loadAll, othersDelay);
    }

    /** Shows that the view's script did not load. */
    #showMissing(script, error) {
        this.#viewName = "";
        fill(this.#main, errorPanel(error, () => retryLate(script, { ...this.#app.page, use: () => this.show(this.#place) })));
    }

    #close() {
        this.#view?.destroy();
        this.#view = null;
        this.#viewName = "";
        this.#opening = null;
        this.#syncBar.showAge(null);
        this.#app.notices.set("view", null);
        this.#app.notices.set("days", null);
        this.#app.notices.set("export", null);
    }

    /** Whether accounts or fields are still loading. Settings need no fields. */
    get #isWaiting() {
        const { accounts, fields } = this.#app;
        return accounts === null || (fields === null && this.#place.view !== "settings");
    }

    /** Shows a message instead of a view: accounts are loading, missing, or not visible to this person. */
    #showState() {
        const { accounts, accountsError, fieldsError, router } = this.#app;
        this.#close();
        if (this.#isWaiting) {
            const error = (accounts === null && accountsError) || fieldsError;
            fill(this.#main, error ? errorPanel(error, () => this.#app.reload()) : h("div.view", { "aria-busy": "true" }));
        } else if (accounts.length === 0) {
            fill(this.#main, emptyPanel("No ad accounts yet", "Connect one with Facebook, or ask an account's owner to add you.",
                h("a.button.primary", { href: "#/settings" }, "Settings")));
        } else {
            fill(this.#main, emptyPanel("Account not found", "It doesn't exist or you don't have access.",
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
        if (account?.facebook_id === this.#account?.facebook_id) {
            if (account) Object.assign(this.#account, account);
            return;
        }
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
            ask: async (id) => {
                const { text, servedAt } = await this.#app.api.get(address("/api/sync/status", { adAccountId: id }));
                return { ...JSON.parse(text), servedAt };
            },
            clock: this.#app.clock,
            isVisible: () => document.visibilityState === "visible",
            onStatus: (status) => this.#take(account, status),
            onFailure: () => this.#syncBar.fail(),
            onNews: (stamp, status) => this.#news(account, stamp, status),
        });
        this.#watch.look();
    }

    #take(account, status) {
        const isFirst = this.#status === null;
        this.#status = status;
        if (status.lastSyncedAt) {
            const moment = Date.parse(status.lastSyncedAt);
            // Responses from before the last sync are stale, including those kept over a reload.
            for (const owner of [account.facebook_id, "-"]) this.#app.cache.expire(`${owner}|`, moment + versionLifetime);
            // This page has not seen the sync, but its first requests may have got the data version from before it.
            if (isFirst && status.servedAt <= moment + versionLifetime) this.#invalidateSoon(account, status.lastSyncedAt);
        }
        this.#syncBar.show(account, status);
        this.#view?.onStatus?.(status);
    }

    #news(account, stamp, status) {
        this.#invalidate(account, stamp);
        this.#invalidateSoon(account, stamp);
        if (status.syncStatus !== "syncing") this.announce(status.run?.outcome === "done" ? "Sync finished." : "Sync ended.");
    }

    #invalidate(account, stamp) {
        this.#app.cache.invalidate(`${account.facebook_id}|`, stamp);
        this.#app.cache.invalidate("-|", stamp);
    }

    /** Requests once more what was requested while nginx may still have had the old data version. */
    #invalidateSoon(account, stamp) {
        this.#app.clock.setTimeout(() => this.#invalidate(account, `${stamp} again`), versionLifetime + 100);
    }

    #listAccounts() {
        const { view } = this.#place;
        return [accountList({
            app: this.#app, current: this.#account?.facebook_id, view: view === "settings" ? "overview" : view, params: this.#lasting,
            onChoose: () => this.#accountMenu.close(),
        })];
    }

    // --- News ---

    /** Requests the account's sync status. */
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

    /** Parameters that other tabs and accounts keep. */
    get lasting() {
        return this.#lasting;
    }

    destroy() {
        this.#close();
        this.#watch?.end();
        this.#syncBar.destroy();
    }
}
