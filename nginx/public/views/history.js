// The notice about days that are not loaded. Managers can load them from it.

import { loadingHistory, missingDays } from "../lib/days/coverage.js";

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

    /** Takes the coverage of the response on screen; see `missingDays`. */
    show(coverage, range, today) {
        this.#shown = { coverage, range, today };
        this.#draw();
    }

    /** @param {object|null} status - Response of `GET /api/sync/status`. */
    take(status) {
        const before = this.#status?.history?.held;
        const held = status?.history?.held;
        this.#status = status;
        this.#draw();
        // Syncs commit older days in slices. The table shows each slice as soon as it is committed.
        const { facebook_id: id } = this.#account;
        if (this.#isLoading && before !== undefined && held !== before) this.#app.cache.invalidate(`${id}|`, `${held} days`);
    }

    #draw() {
        if (!this.#shown) return;
        const { coverage, range, today } = this.#shown;
        const longest = this.#app.session?.longestHistoryDays;
        const missing = missingDays(coverage, range, today, this.#app.formats(null).day, longest);
        const loading = missing?.request ? loadingHistory(this.#status, range.from) : null;
        this.#isLoading = Boolean(loading);
        const isManager = this.#account.role !== "viewer";
        const canLoad = missing?.request && !loading && isManager && missing.request > (this.#status?.history?.days ?? 0);
        const limit = missing?.request && missing.request === longest ? ` Facebook keeps ${longest} days.` : "";
        this.#app.notices.set("days", missing && {
            tone: "waiting",
            text: [missing.text, loading].filter(Boolean).join(" ") + limit,
            action: canLoad ? { label: "Load older days", onclick: () => this.#load(missing.request) } : null,
        });
    }

    async #load(days) {
        const { api, notices } = this.#app;
        try {
            await api.send("POST", "/api/sync", { adAccountId: this.#account.facebook_id, historyDays: days });
            this.#app.announce("Loading older days.");
        } catch (error) {
            notices.set("start", error);
        }
        this.#app.look();
    }
}
