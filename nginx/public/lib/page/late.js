// A script that loads when it is first used.

/** @template T */
export class Late {
    #load;
    #loading = null;
    /** What the script offers; `null` until it has loaded. */
    loaded = null;

    /** @param {() => Promise<T>} load - Imports the script. */
    constructor(load) {
        this.#load = load;
    }

    /**
     * Loads the script once. After a failure the next call tries again.
     *
     * @returns {Promise<T>}
     */
    load() {
        this.#loading ??= this.#load().then(
            (offered) => (this.loaded = offered),
            (error) => {
                this.#loading = null;
                throw new LateError(error);
            },
        );
        return this.#loading;
    }
}

/** A script did not load. After an upgrade the page may need another version of it, so the whole page has to load again. */
export class LateError extends Error {
    hint = "Check your network connection. After an upgrade of AdMirror, the page has to load again.";

    constructor(cause) {
        super("A part of the page didn't load.", { cause });
    }
}

/**
 * What “Try again” does after a script did not load: uses it if it loads now. Else it loads the whole page again, unless the server
 * cannot be reached, because the page would be lost then.
 *
 * @param {Late<any>} script
 * @param {object} way
 * @param {() => Promise<boolean>} way.isReachable - Whether the server returns the page.
 * @param {() => void} way.reload
 * @param {() => void} way.use - Uses the script, or shows that it did not load.
 */
export async function retryLate(script, { isReachable, reload, use }) {
    const isLoaded = await script.load().then(() => true, () => false);
    if (!isLoaded && await isReachable()) reload();
    else use();
}
