// Keeps responses over reloads, for one person, up to a size. If the storage fails, the page is only slower.

/**
 * @typedef {object} Storage - `lib/requests/indexed-storage.js`, or another for tests.
 * @property {(key: string) => Promise<{meta: Meta, text: string}|null>} get
 * @property {() => Promise<Map<string, Meta>>} metas
 * @property {(key: string, meta: Meta, text: string|null) => Promise<void>} put - Without a text the stored one stays.
 * @property {(keys: string[]) => Promise<void>} remove
 * @property {() => Promise<void>} clear
 *
 * @typedef {{etag: string|null, updatedAt: number, servedAt: number|null, size: number}} Meta - Times in milliseconds since
 *     1970, by the browser's clock and by the server's; `size` in characters.
 */

export class KeptAnswers {
    #storage;
    #now;
    #maxAge;
    #maxSize;
    #prefix = null;
    /** Metadata of the kept responses of the person who is signed in. */
    #metas = new Map();
    /** The listing of all metadata that `prepare` started. */
    #looking = null;

    /**
     * @param {object} options
     * @param {Storage} options.storage
     * @param {() => number} options.now - Milliseconds since 1970.
     * @param {number} [options.maxAge] - Milliseconds.
     * @param {number} [options.maxSize] - Characters of all responses together.
     */
    constructor({ storage, now, maxAge = 30 * 60_000, maxSize = 24_000_000 }) {
        this.#storage = storage;
        this.#now = now;
        this.#maxAge = maxAge;
        this.#maxSize = maxSize;
    }

    /** Lists the metadata while the session is still loading, because it takes a while. */
    prepare() {
        this.#looking = this.#storage.metas();
        this.#looking.catch(() => {}); // `open` handles the error
    }

    /**
     * Opens the responses of one person. Deletes other people's and old ones.
     *
     * @param {string} user - The person's id.
     */
    async open(user) {
        this.#metas = new Map();
        try {
            const looking = this.#looking ?? this.#storage.metas();
            this.#looking = null;
            const metas = await looking;
            const outdated = [];
            for (const [key, meta] of metas) {
                const isTheirs = key.startsWith(`${user} `);
                if (isTheirs && this.#isUsable(meta)) this.#metas.set(key, meta);
                else outdated.push(key);
            }
            this.#prefix = `${user} `;
            if (outdated.length > 0) await this.#storage.remove(outdated);
        } catch {
            this.#prefix = null;
        }
    }

    async get(key) {
        if (this.#prefix === null || !this.#metas.has(this.#prefix + key)) return null;
        try {
            const kept = await this.#storage.get(this.#prefix + key);
            if (!kept || !this.#isUsable(kept.meta)) return null;
            const { etag, updatedAt, servedAt = null } = kept.meta;
            return { text: kept.text, etag, updatedAt, servedAt };
        } catch {
            return null;
        }
    }

    async put(key, { text, etag, updatedAt, servedAt }) {
        if (this.#prefix === null) return;
        const name = this.#prefix + key;
        const size = text === null ? this.#metas.get(name)?.size : text.length;
        if (size === undefined || size > this.#maxSize / 2) return;
        const meta = { etag, updatedAt, servedAt, size };
        try {
            this.#metas.set(name, meta);
            await this.#makeRoom(name);
            await this.#storage.put(name, meta, text);
        } catch {
            // Most likely the browser's quota is reached, so less is kept from now on.
            this.#maxSize = this.#maxSize / 2;
            this.#metas.delete(name);
            await this.#storage.remove([name]).catch(() => {});
        }
    }

    async remove(key) {
        if (this.#prefix === null || !this.#metas.delete(this.#prefix + key)) return;
        await this.#storage.remove([this.#prefix + key]).catch(() => {});
    }

    async clear() {
        this.#looking = null;
        this.#prefix = null;
        this.#metas = new Map();
        await this.#storage.clear().catch(() => {});
    }

    /** Drops the oldest responses until the rest fits. */
    async #makeRoom(newest) {
        let size = 0;
        for (const meta of this.#metas.values()) size += meta.size;
        const dropped = [];
        const byAge = [...this.#metas].sort((one, other) => one[1].updatedAt - other[1].updatedAt);
        for (const [name, meta] of byAge) {
            if (size <= this.#maxSize) break;
            if (name === newest) continue;
            size -= meta.size;
            this.#metas.delete(name);
            dropped.push(name);
        }
        if (dropped.length > 0) await this.#storage.remove(dropped);
    }

    /** Whether a response is young enough. Times in the future count as old: after a clock was set back they would never expire. */
    #isUsable(meta) {
        const age = this.#now() - meta.updatedAt;
        return age >= -1_000 && age < this.#maxAge;
    }
}
