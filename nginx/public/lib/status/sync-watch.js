// Polls an account's sync status: often during a sync, slowly otherwise, and not while the page is hidden.

/** Milliseconds between two requests. */
export const paces = { syncing: 1_000, idle: 15_000, failed: 15_000 };

export class SyncWatch {
    #account;
    #ask;
    #clock;
    #isVisible;
    #onStatus;
    #onNews;
    #onFailure;
    #timer;
    #last = null;
    #isEnded = false;
    #isAsking = false;
    #isAskedAgain = false;

    /**
     * @param {object} options
     * @param {string} options.account
     * @param {(account: string) => Promise<object>} options.ask - `GET /api/sync/status`.
     * @param {import("../requests/cache-entry.js").Clock} options.clock
     * @param {() => boolean} options.isVisible
     * @param {(status: object) => void} options.onStatus
     * @param {() => void} [options.onFailure] - Called after each request without a response.
     * @param {(stamp: string, status: object) => void} options.onNews - The account's data may have changed. All tabs get the
     *     same stamp for the same change.
     */
    constructor({ account, ask, clock, isVisible, onStatus, onNews, onFailure = () => {} }) {
        this.#account = account;
        this.#ask = ask;
        this.#clock = clock;
        this.#isVisible = isVisible;
        this.#onStatus = onStatus;
        this.#onNews = onNews;
        this.#onFailure = onFailure;
    }

    /** Requests the status now, and then periodically. */
    async look() {
        this.#clock.clearTimeout(this.#timer);
        if (this.#isAsking) {
            this.#isAskedAgain = true;
            return;
        }
        this.#isAsking = true;
        let pace = paces.failed;
        try {
            const status = await this.#ask(this.#account);
            if (this.#isEnded) return;
            pace = status.syncStatus === "syncing" ? paces.syncing : paces.idle;
            this.#compare(status);
            this.#onStatus(status);
        } catch {
            // Views show the errors of their own requests. This request is repeated.
            if (!this.#isEnded) this.#onFailure();
        } finally {
            this.#isAsking = false;
        }
        if (this.#isEnded) return;
        if (this.#isAskedAgain) {
            this.#isAskedAgain = false;
            return this.look();
        }
        this.#timer = this.#clock.setTimeout(() => this.#isVisible() && this.look(), pace);
    }

    end() {
        this.#isEnded = true;
        this.#clock.clearTimeout(this.#timer);
    }

    /** A commit raises `lastSyncedAt`. Older days are committed in slices after the run. */
    #compare(status) {
        const before = this.#last;
        this.#last = status;
        if (before === null) return;
        const isOver = before.syncStatus === "syncing" && status.syncStatus !== "syncing";
        const isOther = (status.run?.id ?? null) !== (before.run?.id ?? null) && status.run?.finishedAt;
        const days = status.history?.held;
        if (isOver || isOther || status.lastSyncedAt !== before.lastSyncedAt || days !== before.history?.held) {
            const stamp = [status.run?.id, status.run?.finishedAt, status.lastSyncedAt];
            this.#onNews((days === undefined ? stamp : [...stamp, days]).join(" "), status);
        }
    }
}
