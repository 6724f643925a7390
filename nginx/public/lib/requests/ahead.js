// Reads the data of the first view while its scripts still load: from the stored responses, else over the network.

import { address, keyOf, urlOf } from "./api.js";

export const accountsKey = keyOf("-", "/api/ad-accounts");
/** Belongs to no account, because no sync changes the fields. */
export const fieldsKey = keyOf("", "/api/fields");

/** Parameters of a table's address that do not change which rows the page requests. */
const ignored = ["q", "today"];

/**
 * The keys that the first view will read, as far as the address and the preferences show them: the accounts, the fields, and a
 * table's usual rows.
 *
 * @param {import("../page/router.js").Place} place
 * @param {import("../page/preferences.js").Preferences} preferences
 */
export function keysAhead({ account, view, params }, preferences) {
    const keys = [accountsKey, fieldsKey];
    const isTable = account?.startsWith("act_") && ["campaigns", "ad-sets", "ads"].includes(view);
    const isUsual = Object.keys(params).every((name) => ignored.includes(name)) && preferences.get(`columns.${view}`, null, () => true) === null;
    if (!isTable || !isUsual) return keys;
    return [...keys, keyOf(account, address(`/api/${view}`, { adAccountId: account, totals: "true" }))];
}

/**
 * A `Keeper` whose first responses are already on their way. If such a request fails, the reader sends its own and shows the
 * error.
 */
export class Ahead {
    #kept;
    #api;
    #now;
    #isNew;
    #answers = new Map();
    #requests = new AbortController();

    /**
     * @param {object} options
     * @param {import("./kept-answers.js").KeptAnswers} options.kept
     * @param {import("./api.js").Api} options.api
     * @param {() => number} options.now - Milliseconds since 1970.
     * @param {boolean} options.isNew - This browser has stored nothing yet. Nobody waits for its storage, which takes long the
     *     first time.
     */
    constructor({ kept, api, now, isNew }) {
        this.#kept = kept;
        this.#api = api;
        this.#now = now;
        this.#isNew = isNew;
    }

    /**
     * @param {string[]} keys
     * @param {Promise<{text: string}>} session - The response of `GET /api/session`. Without a person nothing is requested.
     */
    start(keys, session) {
        if (!this.#isNew) this.#kept.prepare(keys);
        for (const key of keys) this.#answers.set(key, this.#ask(key, session).catch(() => null));
    }

    async #ask(key, session) {
        if (!this.#isNew && await this.#kept.isPrepared(key)) return null;
        const { user } = JSON.parse((await session).text);
        if (!user) return null;
        const { text, etag, servedAt } = await this.#api.get(urlOf(key), { signal: this.#requests.signal });
        return { text, etag, updatedAt: this.#now(), servedAt };
    }

    open(user) {
        return this.#kept.open(user);
    }

    async get(key) {
        const answer = await this.#answers.get(key);
        if (this.#answers.delete(key) && answer) {
            this.#kept.put(key, answer);
            return answer;
        }
        return this.#isNew ? null : this.#kept.get(key);
    }

    put(key, kept) {
        return this.#kept.put(key, kept);
    }

    remove(key) {
        return this.#kept.remove(key);
    }

    /** Also aborts what is on its way: it would belong to somebody who has signed out. */
    clear() {
        this.#answers.clear();
        this.#requests.abort();
        this.#requests = new AbortController();
        return this.#kept.clear();
    }
}
