// "Synced 3 min ago", the progress of a sync under way, and the button that starts one.

import { freshness, listingNotice, readAt, reconnect } from "../lib/freshness.js";
import { fill, h, icon, icons, setText } from "../lib/dom.js";

export class SyncBar {
    #app;
    #onStart;
    #account = null;
    #status = null;
    #shownAt = null;
    #parts = [];
    #range;
    /** When the server last said how the account is, and whether it has not answered since. */
    #answeredAt = 0;
    #isSilent = false;
    #dot = h("span.dot", { "aria-hidden": "true" });
    #label = h("span.sync-label");
    #bar = h("div.progress", { role: "progressbar", "aria-label": "Sync", "aria-valuemin": 0, "aria-valuemax": 100 }, h("div.progress-fill"));
    #button = h("button.button", { type: "button", onclick: () => this.#start() }, icon(icons.sync), h("span.wide-only", {}, "Sync now"));
    #timer;

    /** @param {{app: import("../app.js").App, onStart: () => void}} options */
    constructor({ app, onStart }) {
        this.#app = app;
        this.#onStart = onStart;
        this.#button.setAttribute("aria-label", "Sync now");
        this.element = h("div.sync-bar", {}, h("div.sync-state", {}, h("div.sync-line", {}, this.#dot, this.#label), this.#bar), this.#button);
        this.#timer = setInterval(() => this.#draw(), 5_000);
        this.#draw();
    }

    /**
     * @param {object|null} account
     * @param {object|null} status - Of `GET /api/sync/status`; `null` before the first answer.
     */
    show(account, status) {
        this.#account = account;
        this.#status = status;
        this.#answeredAt = this.#app.now();
        this.#isSilent = false;
        this.#draw();
    }

    /** The server did not answer. */
    fail() {
        this.#isSilent = true;
        this.#draw();
    }

    /**
     * @param {number|null} moment - When the server last confirmed the data on screen, in milliseconds since 1970, by our clock.
     * @param {string[]} [parts] - The parts of the account that are on screen; see `readAt`.
     * @param {{from: string, to: string}} [range] - The days on screen.
     */
    showAge(moment, parts = [], range = undefined) {
        if (moment === this.#shownAt && parts.join() === this.#parts.join() && range === this.#range) return;
        this.#shownAt = moment;
        this.#parts = parts;
        this.#range = range;
        this.#draw();
    }

    destroy() {
        clearInterval(this.#timer);
    }

    #draw() {
        const { clock } = this.#app.formats(null);
        const { serverTime } = this.#app;
        const { state, label, problem, percent } = freshness(this.#status, serverTime(), clock, {
            shownAt: this.#shownAt === null ? null : serverTime(this.#shownAt),
            connect: this.#connect,
            readAt: readAt(this.#status, this.#parts, this.#range),
            silence: this.#isSilent ? this.#app.now() - this.#answeredAt : 0,
        });
        this.element.classList.toggle("off", this.#account === null);
        this.#dot.className = `dot ${state}`;
        setText(this.#label, label);
        this.#label.title = label;
        this.#bar.classList.toggle("on", percent !== null);
        this.#bar.setAttribute("aria-hidden", String(percent === null));
        this.#bar.setAttribute("aria-valuenow", String(percent ?? 0));
        this.#bar.firstElementChild.style.setProperty("transform", `scaleX(${(percent ?? 0) / 100})`);
        const listing = listingNotice(this.#status);
        this.#app.notices.set("listing", listing && { tone: "waiting", text: listing });
        const role = this.#account?.role;
        this.#button.hidden = role === "viewer";
        this.#button.disabled = state === "syncing" || this.#account === null;
        this.#app.notices.set("sync", problem && {
            tone: state === "held" ? "waiting" : "bad", text: problem, action: problem.includes(this.#connect) ? this.#again : null,
        });
    }

    get #hasLogin() {
        return Boolean(this.#app.session?.facebookLogin);
    }

    get #connect() {
        return reconnect(this.#hasLogin, this.#account?.facebook_id);
    }

    /** The way to Facebook's dialog, where there is one. */
    get #again() {
        return this.#hasLogin ? { label: "Connect again", href: "/api/facebook/connect" } : null;
    }

    async #start() {
        const account = this.#account;
        this.#button.disabled = true;
        this.#app.notices.set("start", null);
        try {
            await this.#app.api.send("POST", "/api/sync", { adAccountId: account.facebook_id, force: true });
            this.#app.announce("The sync has been started.");
        } catch (error) {
            this.#app.notices.set("start", this.#refusal(error));
            this.#button.disabled = false;
        }
        this.#onStart();
    }

    /** Why no sync was started, and until when. */
    #refusal({ code, message, hint, retryAfter }) {
        const { clock } = this.#app.formats(null);
        if (code === "TOKEN_EXPIRED") return { tone: "bad", text: `No sync was started. ${message} ${this.#hasLogin ? "" : this.#connect}`.trim(), action: this.#again };
        const until = retryAfter === null ? "" : ` Facebook holds this account off until ${clock(this.#app.now() + retryAfter * 1_000)}.`;
        const isHeld = code === "RATE_LIMITED";
        return { tone: isHeld ? "waiting" : "bad", text: `No sync was started. ${message}${isHeld && until ? until : ` ${hint}`}` };
    }
}
