// Replacements of the browser for tests: a manual clock, a storage in memory, and a server that the test controls.

/** Runs everything that waits for promises only. */
export async function settle() {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class FakeClock {
    time = Date.parse("2026-03-10T12:00:00Z");
    #timers = new Map();
    #last = 0;

    now = () => this.time;

    setTimeout = (action, milliseconds) => {
        this.#last += 1;
        this.#timers.set(this.#last, { at: this.time + milliseconds, action });
        return this.#last;
    };

    clearTimeout = (timer) => this.#timers.delete(timer);

    /** The number of timers that have not fired. */
    get waiting() {
        return this.#timers.size;
    }

    /** Advances the time, and fires timers in their order, each at its time. */
    async advance(milliseconds) {
        const end = this.time + milliseconds;
        await settle();
        for (;;) {
            const due = [...this.#timers].filter(([, { at }]) => at <= end).sort((one, other) => one[1].at - other[1].at)[0];
            if (!due) break;
            this.#timers.delete(due[0]);
            this.time = Math.max(this.time, due[1].at);
            due[1].action();
            await settle();
        }
        this.time = end;
    }
}

/** A `Storage` of `lib/requests/kept-answers.js`. */
export class MemoryStorage {
    all = new Map();
    /** An error that the next write throws. */
    failure = null;
    /** Whether every call throws. */
    isBroken = false;

    #check() {
        if (this.isBroken) throw new Error("storage is forbidden");
    }

    async get(key) {
        this.#check();
        return this.all.get(key) ?? null;
    }

    async read(isWanted) {
        this.#check();
        const all = [...this.all];
        return {
            metas: new Map(all.map(([key, { meta }]) => [key, meta])),
            texts: new Map(all.filter(([key]) => isWanted(key)).map(([key, { text }]) => [key, text])),
        };
    }

    async put(key, meta, text) {
        this.#check();
        const { failure } = this;
        this.failure = null;
        if (failure) throw failure;
        this.all.set(key, { meta, text: text ?? this.all.get(key)?.text });
    }

    async remove(keys) {
        this.#check();
        for (const key of keys) this.all.delete(key);
    }

    async clear() {
        this.#check();
        this.all.clear();
    }
}

/** Requests in their order. The test responds to each of them. */
export class FakeServer {
    requests = [];

    fetch = (key, { etag, signal }) =>
        new Promise((resolve, reject) => {
            const request = {
                key,
                etag,
                signal,
                /** `servedAt` is the time on the server's clock, or `null` if the response has none. */
                answer: async (data, tag = null, servedAt = null) => {
                    resolve({ status: 200, text: JSON.stringify(data), etag: tag, servedAt });
                    await settle();
                },
                notModified: async (servedAt = null) => {
                    resolve({ status: 304, servedAt });
                    await settle();
                },
                fail: async (status, retryAfter = null) => {
                    reject(Object.assign(new Error(`status ${status}`), { status, retryAfter }));
                    await settle();
                },
            };
            signal.addEventListener("abort", () => reject(Object.assign(new Error("aborted"), { status: 0 })));
            this.requests.push(request);
        });

    get last() {
        return this.requests.at(-1);
    }
}
