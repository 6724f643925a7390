// Keeps responses over reloads, for one person, up to a size. If the storage fails, the page is only slower.

/**
 * @typedef {object} Storage - `lib/requests/indexed-storage.js`, or another for tests.
 * @property {(key: string) => Promise<{meta: Meta, text: string}|null>} get
 * @property {(isWanted: (name: string) => boolean) => Promise<{metas: Map<string, Meta>, texts: Map<string, string>}>} read - All
 *     metadata, and the texts whose names are wanted.
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
    #idle;
    #prefix = null;
    /** Ends when the responses of the person who is signed in are known. */
    #opening = Promise.resolve();
    /** Metadata of the kept responses of the person who is signed in. */
    #metas = new Map();
    /** What `prepare` reads. */
    #looking = null;
    /** Texts that `prepare` has read, by their names in the storage. */
    #early = new Map();

    /**
     * @param {object} options
     * @param {Storage} options.storage
     * @param {() => number} options.now - Milliseconds since 1970.
     * @param {() => Promise<void>} [options.idle] - Waits until the page has nothing more urgent to do than to store.
     * @param {number} [options.maxAge] - Milliseconds.
     * @param {number} [options.maxSize] - Characters of all responses together.
     */
    constructor({ storage, now, idle = async () => {}, maxAge = 30 * 60_000, maxSize = 24_000_000 }) {
        this.#storage = storage;
        this.#now = now;
        this.#idle = idle;
        this.#maxAge = maxAge;
        this.#maxSize = maxSize;
    }

    /**
     * Lists the metadata while the session is still loading, because it takes a while, and reads the responses that the page needs
     * first.
     *
     * @param {string[]} [keys]
     */
    prepare(keys = []) {
        this.#looking = this.#storage.read((name) => keys.some((key) => isNameOf(key, name)));
        this.#looking.catch(() => {}); // `open` handles the error
    }

    /** Whether `prepare` has found a response that is not too old, of any person. */
    async isPrepared(key) {
        try {
            const { metas, texts } = await this.#looking;
            const ages = new Map(metas);
            return [...texts.keys()].some((name) => isNameOf(key, name) && this.#isUsable(ages.get(name)));
        } catch {
            return false;
        }
    }

    /**
     * Opens the responses of one person. Deletes other people's and old ones. The other calls wait for it.
     *
     * @param {string} user - The person's id.
     */
    open(user) {
        this.#metas = new Map();
        const opening = this.#open(user, () => this.#opening === opening);
        this.#opening = opening;
        return opening;
    }

    /** @param {() => boolean} isAwaited - Nobody has signed out meanwhile. */
    async #open(user, isAwaited) {
        try {
            const looking = this.#looking ?? this.#storage.read(() => false);
            this.#looking = null;
            const { metas, texts } = await looking;
            if (!isAwaited()) return;
            const outdated = [];
            for (const [key, meta] of metas) {
                const isTheirs = key.startsWith(`${user} `);
                if (isTheirs && this.#isUsable(meta)) this.#metas.set(key, meta);
                else outdated.push(key);
            }
            this.#early = new Map([...texts].filter(([key]) => this.#metas.has(key)));
            this.#prefix = `${user} `;
            if (outdated.length > 0) await this.#storage.remove(outdated);
        } catch {
            if (isAwaited()) this.#prefix = null;
        }
    }

    async get(key) {
        await this.#opening;
        const name = this.#prefix + key;
        if (this.#prefix === null || !this.#metas.has(name)) return null;
        try {
            const text = this.#early.get(name);
            this.#early.delete(name);
            const kept = text === undefined ? await this.#storage.get(name) : { meta: this.#metas.get(name), text };
            if (!kept || !this.#isUsable(kept.meta)) return null;
            const { etag, updatedAt, servedAt = null } = kept.meta;
            return { text: kept.text, etag, updatedAt, servedAt };
        } catch {
            return null;
        }
    }

    async put(key, { text, etag, updatedAt, servedAt }) {
        await this.#opening;
        const prefix = this.#prefix;
        if (prefix === null) return;
        const name = prefix + key;
        this.#early.delete(name);
        await this.#idle();
        // The person signed out meanwhile.
        if (this.#prefix !== prefix) return;
        const size = text === null ? this.#metas.get(name)?.size : text.length;
        if (size === undefined || size > this.#maxSize / 2) return;
        const meta = { etag, updatedAt, servedAt, size };
        try {
            this.#metas.set(name, meta);
            await this.#makeRoom(name);
            if (this.#prefix !== prefix) return;
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
        this.#early.delete(this.#prefix + key);
        await this.#storage.remove([this.#prefix + key]).catch(() => {});
    }

    async clear() {
        this.#opening = Promise.resolve();
        this.#looking = null;
        this.#early.clear();
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

/** Whether a name in the storage is that of a key, of any person. */
const isNameOf = (key, name) => name.endsWith(` ${key}`);
