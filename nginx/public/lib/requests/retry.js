// Decides whether and when to retry a request.

/** Retries before the error is shown. */
export const retries = 3;

const firstDelay = 1_000;
const longestDelay = 30_000;

/**
 * Whether a retry can succeed: the network failed, the server failed, or it asked the client to wait.
 *
 * @param {{status?: number}} error - `status` is 0 if there was no response.
 */
export function isWorthRetrying(error) {
    const { status } = error;
    return status === 0 || status === 429 || (status >= 500 && status <= 599);
}

/**
 * Milliseconds until the retry, or `null` if that is too long to wait.
 *
 * @param {number} attempt - 0 after the first failure.
 * @param {{retryAfter?: number|null}} error - `retryAfter` in seconds, from the server.
 * @param {() => number} random - From 0 to 1; spreads the retries of requests that failed together.
 */
export function delay(attempt, error, random) {
    if (error.retryAfter != null) {
        const asked = error.retryAfter * 1_000;
        return asked > longestDelay ? null : asked;
    }
    return Math.min(firstDelay * 2 ** attempt, longestDelay) * (0.75 + random() / 2);
}
