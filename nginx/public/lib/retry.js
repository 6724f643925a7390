// When a request is tried again, and after how long.

/** How often a request is tried again before its error is shown. */
export const retries = 3;

const firstDelay = 1_000;
const longestDelay = 30_000;

/**
 * Whether the same request can come out differently: the network failed, the server does not answer, or it asked to wait.
 * Whatever else is wrong stays wrong.
 *
 * @param {{status?: number}} error - `status` 0: there was no answer at all.
 */
export function isWorthRetrying(error) {
    const { status } = error;
    return status === 0 || status === 429 || (status >= 500 && status <= 599);
}

/**
 * Milliseconds until the next try, or `null` when that is longer than anybody watches.
 *
 * @param {number} attempt - 0 after the first failure.
 * @param {{retryAfter?: number|null}} error - `retryAfter` in seconds, as the server said.
 * @param {() => number} random - from 0 to 1; spreads those that failed together.
 */
export function delay(attempt, error, random) {
    if (error.retryAfter != null) {
        const asked = error.retryAfter * 1_000;
        return asked > longestDelay ? null : asked;
    }
    return Math.min(firstDelay * 2 ** attempt, longestDelay) * (0.75 + random() / 2);
}
