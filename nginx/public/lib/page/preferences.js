// Choices remembered by this browser. If its storage fails or holds nonsense, the defaults apply.

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
            // The choice lasts until the page closes.
        }
    }
}

/** Reading `localStorage` throws in browsers that block it. */
export function storageOf(window) {
    try {
        return window.localStorage;
    } catch {
        return null;
    }
}
