// IndexedDB as a `Storage` of `lib/requests/kept-answers.js`. Metadata lies apart from the large texts, so that listing it is cheap.

const name = "admirror";

/**
 * @param {IDBFactory} factory
 * @returns {import("./kept-answers.js").Storage}
 */
export function indexedStorage(factory) {
    let opened = null;

    const open = () => {
        opened ??= new Promise((resolve, reject) => {
            const request = factory.open(name, 1);
            request.onupgradeneeded = () => {
                request.result.createObjectStore("metas");
                request.result.createObjectStore("texts");
            };
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
            request.onblocked = () => reject(new Error("blocked"));
        });
        return opened;
    };

    /** Resolves once the transaction is committed. */
    const inTransaction = async (mode, work) => {
        const database = await open();
        return new Promise((resolve, reject) => {
            const transaction = database.transaction(["metas", "texts"], mode);
            const result = work(transaction.objectStore("metas"), transaction.objectStore("texts"));
            transaction.oncomplete = () => resolve(result());
            transaction.onabort = () => reject(transaction.error);
        });
    };

    return {
        get: (key) =>
            inTransaction("readonly", (metas, texts) => {
                const meta = metas.get(key);
                const text = texts.get(key);
                return () => (meta.result && text.result !== undefined ? { meta: meta.result, text: text.result } : null);
            }),
        // One transaction, because each takes a while.
        read: (isWanted) =>
            inTransaction("readonly", (metas, texts) => {
                const keys = metas.getAllKeys();
                const all = metas.getAll();
                const wanted = new Map();
                keys.onsuccess = () => {
                    for (const key of keys.result) if (isWanted(key)) wanted.set(key, texts.get(key));
                };
                return () => ({
                    metas: new Map(keys.result.map((key, index) => [key, all.result[index]])),
                    texts: new Map([...wanted].map(([key, { result }]) => [key, result]).filter(([, text]) => text !== undefined)),
                });
            }),
        put: (key, meta, text) =>
            inTransaction("readwrite", (metas, texts) => {
                metas.put(meta, key);
                if (text !== null) texts.put(text, key);
                return () => {};
            }),
        remove: (keys) =>
            inTransaction("readwrite", (metas, texts) => {
                for (const key of keys) {
                    metas.delete(key);
                    texts.delete(key);
                }
                return () => {};
            }),
        clear: () =>
            inTransaction("readwrite", (metas, texts) => {
                metas.clear();
                texts.clear();
                return () => {};
            }),
    };
}
