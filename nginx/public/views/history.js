// Says which days are not held, and lets managers load them.

import { loadingHistory, longestHistory, missingDays } from "../lib/coverage.js";

export class HistoryNotice {
    #app;
    #account;
    #status = null;
    #shown = null;
    #isLoading = false;

    /** @param {import("../app.js").App} app */
    constructor(app, account) {
        this.#app = app;
        this.#account = account;
    }

    /** Of the answer on screen; see `missingDays`. */
    show(coverage, range, today) {
        this.#shown = { coverage, range, today };
        this.#draw();
    }

    /** @param {object|null} status - Of `GET /api/sync/status`. */
    take(status) {
        const before = this.#status?.history?.held;
        const held = status?.history?.held;
        this.#status = status;
        this.#draw();
        // Syncs commit older days slice by slice. The table shows each slice when it is there.
        const { facebook_id: id } = this.#account;
        if (this.#isLoading && before !== undefined && held !== before) this.#app.cache.invalidate(`${id}|`, `${held} days`);
    }

    #draw() {
        if (!this.#shown) return;
        const { coverage, range, today } = this.#shown;
        const missing = missingDays(coverage, range, today, this.#app.formats(null).day);
        const loading = missing?.wish ? loadingHistory(this.#status, range.from) : null;
        this.#isLoading = Boolean(loading);
        const isManager = this.#account.role !== "viewer";
        const canLoad = missing?.wish && !loading && isManager && missing.wish > (this.#status?.history?.days ?? 0);
        const limit = missing?.wish === longestHistory ? " Facebook keeps 37 months." : "";
        this.#app.notices.set("days", missing && {
            tone: "waiting",
            text: [missing.text, loading].filter(Boolean).join(" ") + limit,
            action: canLoad ? { label: "Load older days", onclick: () => this.#load(missing.wish) } : null,
        });
    }

    async #load(days) {
        const { api, notices } = this.#app;
        try {
            await api.send("POST", "/api/sync", { adAccountId: this.#account.facebook_id, historyDays: days });
            this.#app.announce("Older days will be loaded.");
        } catch (error) {
            notices.set("start", error);
        }
        this.#app.look();
    }
}
