// Reads and writes the address: `#/act_123/campaigns?from=2026-03-01&q=shoes`.

/**
 * @typedef {object} Place
 * @property {string|null} account - Facebook's id with `act_`, or AdMirror's; `null` in views without an account.
 * @property {string} view
 * @property {Record<string, string>} params
 */

/** Views that belong to an account. */
export const accountViews = ["overview", "campaigns", "ad-sets", "ads", "syncs"];

/**
 * @param {string} hash - With or without `#`. An unknown address leads to the overview.
 * @returns {Place}
 */
export function parse(hash) {
    const text = hash.replace(/^#/, "");
    const mark = text.indexOf("?");
    const path = mark < 0 ? text : text.slice(0, mark);
    const params = Object.fromEntries(new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)));
    const [first = "", second = ""] = path.split("/").filter((piece) => piece !== "");
    if (first === "settings") return { account: null, view: "settings", params };
    if (!/^[0-9A-Za-z_-]{1,64}$/.test(first)) return { account: null, view: "overview", params: {} };
    return { account: first, view: accountViews.includes(second) ? second : "overview", params };
}

/**
 * @param {Place} place - Empty parameters are omitted.
 * @returns {string} With `#`.
 */
export function format({ account, view, params }) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(params ?? {})) {
        if (value !== undefined && value !== null && value !== "") query.set(name, value);
    }
    const text = query.toString();
    const path = account === null ? view : `${account}/${view}`;
    return `#/${path}${text ? `?${text}` : ""}`;
}

export class Router {
    #window;
    #listener = () => {};

    /** @param {Window} window */
    constructor(window) {
        this.#window = window;
        window.addEventListener("hashchange", () => this.#listener(this.place));
        window.addEventListener("popstate", () => this.#listener(this.place));
    }

    get place() {
        return parse(this.#window.location.hash);
    }

    /** @param {(place: Place) => void} listener */
    listen(listener) {
        this.#listener = listener;
    }

    /** Opens a place as a new history entry. */
    go(place) {
        this.#window.history.pushState(null, "", format(place));
        this.#listener(this.place);
    }

    /** Changes the current history entry. For filters, so that each key press does not become an entry. */
    replace(place) {
        this.#window.history.replaceState(null, "", format(place));
        this.#listener(this.place);
    }

    /** Changes parameters of the current place. */
    adjust(params, { isStep = false } = {}) {
        const place = this.place;
        const next = { ...place, params: { ...place.params, ...params } };
        if (isStep) this.go(next);
        else this.replace(next);
    }
}
