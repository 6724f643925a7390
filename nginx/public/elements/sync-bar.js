// "Synced 3 min ago", the progress of a running sync, and the button that starts one.

import { explanation } from "../lib/text/explanation.js";
import { freshness, listingNotice, readAt, reconnect } from "../lib/status/freshness.js";
import { fill, h, icon, icons, setText } from "../lib/page/dom.js";

export class SyncBar {
    #app;
    #onStart;
    #account = null;
    #status = null;
    #shownAt = null;
    #parts = [];
    #range;
    /** When the server last returned the status, and whether a request has failed since. */
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
     * @param {object|null} status - Response of `GET /api/sync/status`; `null` before the first one.
     */
    show(account, status) {
        this.#account = account;
        this.#status = status;
        this.#answeredAt = this.#app.now();
        this.#isSilent = false;
        this.#draw();
    }

    /** Called when the server did not respond. */
    fail() {
        this.#isSilent = true;
        this.#draw();
    }

    /**
     * @param {number|null} moment - When the server last confirmed the data on screen: milliseconds since 1970, browser clock.
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
        const { state, label, problem, details, percent, needsReconnect } = freshness(this.#status, serverTime(), clock, {
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
            tone: state === "held" ? "waiting" : "bad", text: problem, details, action: needsReconnect ? this.#again : null,
        });
    }

    get #hasLogin() {
        return Boolean(this.#app.session?.facebookLogin);
    }

    get #connect() {
        return reconnect(this.#hasLogin, this.#account?.facebook_id);
    }

    /** The link to Facebook's dialog, if Facebook Login is set up. */
    get #again() {
        return this.#hasLogin ? { label: "Reconnect", href: "/api/facebook/connect" } : null;
    }

    async #start() {
        const account = this.#account;
        this.#button.disabled = true;
        this.#app.notices.set("start", null);
        try {
            await this.#app.api.send("POST", "/api/sync", { adAccountId: account.facebook_id, force: true });
            this.#app.announce("Sync started.");
        } catch (error) {
            this.#app.notices.set("start", this.#refusal(error));
            this.#button.disabled = false;
        }
        this.#onStart();
    }

    /** Why the sync did not start, and when it can. */
    #refusal({ code, message, hint, retryAfter }) {
        const { clock } = this.#app.formats(null);
        if (code === "RATE_LIMITED" && retryAfter !== null) {
            const time = clock(this.#app.now() + retryAfter * 1_000);
            return { tone: "waiting", text: `The sync didn't start: Facebook's rate limit is reached. Syncing resumes at ${time}.` };
        }
        const isExpired = code === "TOKEN_EXPIRED";
        const { summary, details } = explanation(isExpired ? message : `${message} ${hint}`);
        const text = `The sync didn't start. ${summary}`;
        if (!isExpired) return { tone: "bad", text, details };
        const way = this.#hasLogin ? null : this.#connect;
        return {
            tone: "bad", text: way ? `${text} ${way.text}` : text, details: [details, way?.details].filter(Boolean).join(" "),
            action: this.#again,
        };
    }
}
