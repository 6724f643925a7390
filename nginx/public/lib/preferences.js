// What somebody chose in this browser. A browser that keeps nothing, or nonsense, costs only the choice.

export class Preferences {
    #storage;

    /** @param {Pick<Storage, "getItem"|"setItem">|null} storage */
    constructor(storage) {
        this.#storage = storage;
    }

    /** @template T @param {string} name @param {T} otherwise @param {(value: any) => boolean} isGood @returns {T} */
    get(name, otherwise, isGood) {
        try {
            const value = JSON.parse(this.#storage.getItem(`admirror.${name}`));
            return isGood(value) ? value : otherwise;
        } catch {
            return otherwise;
        }
    }

    set(name, value) {
        try {
            this.#storage.setItem(`admirror.${name}`, JSON.stringify(value));
        } catch {
            // It is forgotten with the page.
        }
    }
}
