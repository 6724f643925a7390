// Requests to AdMirror's API.

/** An error response, or no response. */
export class ApiError extends Error {
    /**
     * @param {object} what
     * @param {number} what.status - 0 if the network failed.
     * @param {string} what.code - A code from README; `OFFLINE` if there was no response.
     * @param {string} what.message
     * @param {string} [what.hint] - What to do next.
     * @param {number|null} [what.retryAfter] - Seconds.
     */
    constructor({ status, code, message, hint = "", retryAfter = null }) {
        super(message);
        this.status = status;
        this.code = code;
        this.hint = hint;
        this.retryAfter = retryAfter;
    }
}

export class Api {
    #fetch;
    #timeout;
    #now;
    /** Milliseconds by which the server's clock is ahead of the browser's. */
    clockSkew = 0;
    /** Called when the session has ended. */
    onSignedOut;

    /**
     * @param {object} options
     * @param {typeof fetch} options.fetch
     * @param {() => number} [options.now] - Milliseconds since 1970.
     * @param {() => void} [options.onSignedOut]
     * @param {number} [options.timeout] - Milliseconds.
     */
    constructor({ fetch, onSignedOut = () => {}, timeout = 30_000, now = Date.now }) {
        this.#now = now;
        this.#fetch = fetch;
        this.onSignedOut = onSignedOut;
        this.#timeout = timeout;
    }

    /**
     * @param {string} url
     * @param {{etag?: string|null, signal?: AbortSignal, accept?: string}} [options]
     * @returns {Promise<import("./cache-entry.js").Answer>}
     */
    async get(url, { etag = null, signal, accept = "application/json" } = {}) {
        const headers = { Accept: accept };
        if (etag) headers["If-None-Match"] = etag;
        const response = await this.#send(url, { headers, signal });
        const servedAt = dateOf(response);
        if (response.status === 304) return { status: 304, servedAt };
        return { status: 200, text: await this.#text(response), etag: response.headers.get("ETag"), servedAt };
    }

    /**
     * @param {"POST"|"PUT"|"DELETE"} method
     * @param {string} url
     * @param {object} [body] - Sent as JSON.
     * @returns {Promise<any>} The response's JSON.
     */
    async send(method, url, body) {
        const headers = { Accept: "application/json" };
        if (body !== undefined) headers["Content-Type"] = "application/json";
        const response = await this.#send(url, {
            method,
            headers,
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        return JSON.parse(await this.#text(response));
    }

    async #send(url, init) {
        const controller = new AbortController();
        const abort = () => controller.abort();
        if (init.signal?.aborted) abort();
        init.signal?.addEventListener("abort", abort);
        const timer = setTimeout(abort, this.#timeout);
        let response;
        try {
            response = await this.#fetch(url, {
                ...init,
                signal: controller.signal,
                cache: "no-store",
                credentials: "same-origin",
            });
        } catch {
            throw noAnswer();
        } finally {
            clearTimeout(timer);
        }
        const servedAt = dateOf(response);
        // The header has whole seconds, so half a second is added on average.
        if (servedAt !== null) this.clockSkew = servedAt + 500 - this.#now();
        if (response.ok || response.status === 304) return response;
        const error = await errorOf(response);
        if (error.status === 401 && error.code !== "SIGN_IN_REFUSED") this.onSignedOut();
        throw error;
    }

    async #text(response) {
        try {
            return await response.text();
        } catch {
            throw noAnswer();
        }
    }
}

/** When the server sent a response, by its own clock and in whole seconds: milliseconds since 1970; `null` if it does not say. */
function dateOf(response) {
    const time = Date.parse(response.headers.get("Date") ?? "");
    return Number.isNaN(time) ? null : time;
}

function noAnswer() {
    return new ApiError({
        status: 0,
        code: "OFFLINE",
        message: "Can't reach the server.",
        hint: "Check your network connection. Loaded data stays visible.",
    });
}

/** Reads any body, even a proxy's HTML page. */
async function errorOf(response) {
    const body = await response.json().catch(() => ({}));
    const wait = Number(response.headers.get("Retry-After") ?? NaN);
    return new ApiError({
        status: response.status,
        code: typeof body?.code === "string" ? body.code : "UNKNOWN",
        message: typeof body?.error === "string" ? body.error : `The server returned status ${response.status}.`,
        hint: typeof body?.hint === "string" ? body.hint : "",
        retryAfter: Number.isFinite(wait) && wait >= 0 ? wait : null,
    });
}

/** The address of a read. Parameters without a value are omitted. */
export function address(path, parameters) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
        if (value !== undefined && value !== null && value !== "") query.set(name, value);
    }
    return `${path}?${query}`;
}

/**
 * The key of a read in the query cache. Keys of an account begin with its id, so that the end of a sync can invalidate all of
 * them.
 *
 * @param {string} scope - The account; `-` for the list of accounts, which syncs change; empty for what no sync changes.
 */
export const keyOf = (scope, url) => `${scope}|${url}`;

/** The address within a key. */
export const urlOf = (key) => key.slice(key.indexOf("|") + 1);
