// Caches responses. A stale response is shown at once and refreshed in the background.

import { newEntry } from "./cache-entry.js";
import { Invalidations } from "./invalidations.js";
import { delay, isWorthRetrying, retries } from "./retry.js";

export class QueryCache {
    #fetch;
    #clock;
    #keeper;
    #channel;
    #random;
    #isOnline;
    #entries = new Map();
    #invalidations = new Invalidations();

    /** Milliseconds for which a response is fresh. */
    staleTime;
    /** Milliseconds after which an unused response is dropped. */
    gcTime;

    /**
     * @param {object} options
     * @param {(key: string, request: {etag: string|null, signal: AbortSignal}) => Promise<import("./cache-entry.js").Answer>}
     *     options.fetch - Throws errors with `status` and `retryAfter`.
     * @param {import("./cache-entry.js").Clock} options.clock
     * @param {import("./cache-entry.js").Keeper} options.keeper
     * @param {{postMessage: (message: object) => void}} [options.channel] - Reaches the caches of other tabs.
     * @param {() => number} [options.random] - From 0 to 1.
     * @param {() => boolean} [options.isOnline]
     * @param {number} [options.staleTime]
     * @param {number} [options.gcTime]
     */
    constructor({
        fetch,
        clock,
        keeper,
        channel,
        random = Math.random,
        isOnline = () => true,
        staleTime = 5 * 60_000,
        gcTime = 30 * 60_000,
    }) {
        this.#fetch = fetch;
        this.#clock = clock;
        this.#keeper = keeper;
        this.#channel = channel;
        this.#random = random;
        this.#isOnline = isOnline;
        this.staleTime = staleTime;
        this.gcTime = gcTime;
    }

    /**
     * Calls the listener with the current snapshot now, and after every change.
     *
     * @param {string} key
     * @param {(snapshot: import("./cache-entry.js").Snapshot) => void} listener
     * @returns {() => void} Ends the subscription. A request without subscribers is cancelled.
     */
    subscribe(key, listener) {
        const entry = this.#entry(key);
        const subscription = { listener };
        entry.subscriptions.add(subscription);
        this.#clock.clearTimeout(entry.gcTimer);
        if (this.#isDue(entry)) this.#start(entry);
        listener(this.#snapshot(entry));
        return () => {
            if (!entry.subscriptions.delete(subscription) || entry.subscriptions.size > 0) return;
            // Not at once, because the next view may request the same.
            this.#clock.setTimeout(() => this.#leave(entry), 0);
        };
    }

    /** @returns {import("./cache-entry.js").Snapshot} The snapshot in memory. Sends no request. */
    peek(key) {
        const entry = this.#entries.get(key);
        return entry
            ? this.#snapshot(entry)
            : { data: undefined, error: null, updatedAt: 0, isFetching: false, isStale: true };
    }

    /** Requests again, even if the response is fresh. */
    refetch(key) {
        const entry = this.#entry(key);
        entry.generation += 1;
        entry.isInvalid = true;
        this.#start(entry);
        this.#notify(entry);
    }

    /**
     * Makes responses with a key prefix stale in all tabs. Those on screen are requested again at once.
     *
     * @param {string} prefix
     * @param {string} [stamp] - Names the event, so that it is handled once even if several tabs report it.
     */
    invalidate(prefix, stamp) {
        if (this.#invalidate(prefix, stamp)) this.#channel?.postMessage({ type: "invalidate", prefix, stamp });
    }

    /**
     * Makes responses with a key prefix stale in all tabs, if the server sent them at this time or earlier. Only the server's
     * clock decides, because a busy page measures the difference between the clocks wrongly. `Date` is nginx's time and
     * `lastSyncedAt` is PostgreSQL's, so the clocks of the hosts must agree.
     *
     * @param {string} prefix
     * @param {number} moment - By the server's clock: milliseconds since 1970.
     */
    expire(prefix, moment) {
        if (this.#expire(prefix, moment)) this.#channel?.postMessage({ type: "expire", prefix, moment });
    }

    /** Handles a message from another tab's cache. */
    receive(message) {
        if (message?.type === "invalidate") this.#invalidate(String(message.prefix), message.stamp);
        if (message?.type === "expire") this.#expire(String(message.prefix), Number(message.moment));
    }

    #invalidate(prefix, stamp) {
        if (!this.#invalidations.record(prefix, stamp, this.#clock.now())) return false;
        for (const entry of this.#entries.values()) if (entry.key.startsWith(prefix)) this.#spoil(entry);
        return true;
    }

    #expire(prefix, moment) {
        if (!this.#invalidations.expire(prefix, moment)) return false;
        for (const entry of this.#entries.values()) {
            // Running requests are left alone: nearly all are answered after the sync, and `invalidate` covers the others.
            if (entry.key.startsWith(prefix) && !entry.flight && entry.servedAt <= moment) this.#spoil(entry);
        }
        return true;
    }

    #spoil(entry) {
        entry.generation += 1;
        entry.isInvalid = true;
        if (entry.subscriptions.size > 0) this.#start(entry);
    }

    /** Requests data on screen that is stale or failed: on focus, when the network is back, and periodically. */
    refresh() {
        for (const entry of this.#entries.values()) {
            if (entry.subscriptions.size === 0) continue;
            if (entry.wake) entry.wake();
            else if (this.#isDue(entry)) this.#start(entry);
        }
    }

    /** Deletes everything, including kept responses: another person may use the browser next. */
    async clear() {
        for (const entry of this.#entries.values()) {
            this.#clock.clearTimeout(entry.gcTimer);
            entry.flight?.abort();
            entry.flight = null;
        }
        this.#entries.clear();
        await this.#keeper.clear();
    }

    // --- Entries ---

    #entry(key) {
        let entry = this.#entries.get(key);
        if (!entry) {
            entry = newEntry(key);
            this.#entries.set(key, entry);
        }
        return entry;
    }

    #isStale(entry) {
        return entry.isInvalid || entry.updatedAt === 0 || this.#clock.now() - entry.updatedAt >= this.staleTime;
    }

    #isDue(entry) {
        return this.#isStale(entry) || entry.error !== null;
    }

    #snapshot(entry) {
        const { data, error, updatedAt } = entry;
        return { data, error, updatedAt, isFetching: entry.flight !== null, isStale: this.#isStale(entry) };
    }

    #notify(entry) {
        const snapshot = this.#snapshot(entry);
        for (const { listener } of [...entry.subscriptions]) listener(snapshot);
    }

    /** Cancels the request of an entry without subscribers. */
    #leave(entry) {
        if (entry.subscriptions.size > 0 || this.#entries.get(entry.key) !== entry) return;
        entry.flight?.abort();
        entry.flight = null;
        entry.gcTimer = this.#clock.setTimeout(() => {
            this.#entries.delete(entry.key);
            this.#keeper.remove(entry.key);
        }, this.gcTime);
    }

    // --- Requests: at most one per key at a time ---

    #start(entry) {
        if (entry.flight) return;
        const flight = new AbortController();
        entry.flight = flight;
        this.#fly(entry, flight).catch((error) => {
            if (entry.flight === flight) this.#land(entry, error);
        });
    }

    /** @param {AbortController} flight - Differs from the entry's once it is cancelled. */
    async #fly(entry, flight) {
        if (!entry.isRestored) {
            const kept = await this.#keeper.get(entry.key);
            if (entry.flight !== flight) return;
            entry.isRestored = true;
            const data = kept && entry.updatedAt === 0 ? parsed(kept.text) : undefined;
            if (data !== undefined) {
                entry.data = data;
                entry.etag = kept.etag;
                entry.updatedAt = kept.updatedAt;
                entry.servedAt = kept.servedAt ?? 0;
                entry.isInvalid ||= this.#invalidations.include(entry);
                if (!this.#isDue(entry)) return this.#land(entry, null);
                this.#notify(entry);
            }
        }
        for (let attempt = 0; ; ) {
            const { generation } = entry;
            try {
                const answer = await this.#fetch(entry.key, {
                    etag: entry.data === undefined ? null : entry.etag,
                    signal: flight.signal,
                });
                if (entry.flight !== flight) return;
                this.#take(entry, answer);
                entry.isInvalid = entry.generation !== generation;
                if (!entry.isInvalid) return this.#land(entry, null);
                entry.error = null;
                this.#notify(entry);
                attempt = 0;
            } catch (error) {
                if (entry.flight !== flight) return;
                const pause =
                    attempt < retries && isWorthRetrying(error) && this.#isOnline()
                        ? delay(attempt, error, this.#random)
                        : null;
                if (pause === null) return this.#land(entry, error);
                attempt += 1;
                await this.#pause(entry, flight, pause);
                if (entry.flight !== flight) return;
            }
        }
    }

    #take(entry, answer) {
        if (answer.status !== 304) {
            entry.data = JSON.parse(answer.text);
            entry.etag = answer.etag ?? null;
        }
        entry.updatedAt = this.#clock.now();
        entry.servedAt = answer.servedAt ?? 0;
        const { etag, updatedAt, servedAt } = entry;
        this.#keeper.put(entry.key, { text: answer.status === 304 ? null : answer.text, etag, updatedAt, servedAt });
    }

    #land(entry, error) {
        entry.flight = null;
        entry.error = error;
        this.#notify(entry);
    }

    #pause(entry, flight, milliseconds) {
        return new Promise((resolve) => {
            const end = () => {
                this.#clock.clearTimeout(timer);
                flight.signal.removeEventListener("abort", end);
                entry.wake = null;
                resolve();
            };
            const timer = this.#clock.setTimeout(end, milliseconds);
            flight.signal.addEventListener("abort", end);
            entry.wake = end;
        });
    }
}

/** The parsed JSON, or `undefined` if it is damaged. */
function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
