// Which stored responses are stale before their time: those from before an invalidation or a sync.

export class Invalidations {
    #seenStamps = new Set();
    /** By key prefix: when it was last invalidated, by the browser's clock. */
    #invalidatedAt = new Map();
    /** By key prefix: responses that the server sent up to then are stale, by its clock. */
    #staleUntil = new Map();

    /**
     * Records an invalidation of all responses with a key prefix.
     *
     * @param {string|undefined} stamp - Names the event.
     * @param {number} now - By the browser's clock.
     * @returns {boolean} Whether the event is new.
     */
    record(prefix, stamp, now) {
        if (stamp !== undefined) {
            if (this.#seenStamps.has(prefix + stamp)) return false;
            this.#seenStamps.add(prefix + stamp);
        }
        this.#invalidatedAt.set(prefix, now);
        return true;
    }

    /**
     * Records that responses with a key prefix are stale if the server sent them at this time or earlier.
     *
     * @param {number} moment - By the server's clock.
     * @returns {boolean} Whether the time is later than the one before.
     */
    expire(prefix, moment) {
        if (!(moment > (this.#staleUntil.get(prefix) ?? 0))) return false;
        this.#staleUntil.set(prefix, moment);
        return true;
    }

    /** Whether a response is from before one of the recorded times. */
    include({ key, updatedAt, servedAt }) {
        const holds = (moments, time) => [...moments].some(([prefix, moment]) => key.startsWith(prefix) && moment >= time);
        return holds(this.#invalidatedAt, updatedAt) || holds(this.#staleUntil, servedAt);
    }
}
