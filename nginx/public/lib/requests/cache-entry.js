// What the query cache knows of one key, and the types that it exchanges with its parts.

/**
 * @typedef {object} Snapshot
 * @property {any} data - The last good response; `undefined` before the first.
 * @property {Error|null} error - The error of the last attempt. `data` stays.
 * @property {number} updatedAt - When the server last confirmed the data: milliseconds since 1970, or 0.
 * @property {boolean} isFetching
 * @property {boolean} isStale
 *
 * @typedef {object} Answer
 * @property {200|304} status - 304 if the data of the tag is unchanged.
 * @property {string} [text] - JSON, with status 200.
 * @property {string|null} [etag]
 * @property {number|null} [servedAt] - When the server sent it, by its own clock: milliseconds since 1970.
 *
 * @typedef {object} Clock
 * @property {() => number} now - Milliseconds since 1970.
 * @property {(action: () => void, milliseconds: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 *
 * @typedef {object} Keeper - Keeps responses over reloads, as `lib/requests/kept-answers.js` does.
 * @property {(key: string) => Promise<Kept|null>} get
 * @property {(key: string, kept: Kept) => Promise<void>} put - Without a text the stored one stays.
 * @property {(key: string) => Promise<void>} remove
 * @property {() => Promise<void>} clear
 *
 * @typedef {{text: string|null, etag: string|null, updatedAt: number, servedAt: number|null}} Kept
 */

export const newEntry = (key) => ({
    key,
    data: undefined,
    etag: null,
    updatedAt: 0,
    /** When the server sent the data, by its own clock; 0 if unknown. */
    servedAt: 0,
    error: null,
    isInvalid: false,
    /** Counts invalidations. A response to a request from before the last one is stale on arrival. */
    generation: 0,
    isRestored: false,
    subscriptions: new Set(),
    flight: null,
    /** Ends the pause before a retry. */
    wake: null,
    gcTimer: undefined,
});
