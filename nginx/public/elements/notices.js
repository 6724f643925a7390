// What is wrong, at the lower edge: it moves nothing when it comes or goes.
//
//   notices.set("view", error, snapshot); notices.set("sync", { tone: "bad", text }); notices.set("sync", null);

import { fill, h } from "../lib/dom.js";

export class Notices {
    #now;
    #clock;
    #all = new Map();
    /** Texts that somebody has put away: they do not come back until something else is wrong. */
    #dismissed = new Map();
    #list = h("div", { role: "status", "aria-live": "polite" });
    element = h("aside.notices", { "aria-label": "Notices" }, this.#list);

    /** @param {{now: () => number, clock: (moment: number) => string}} options */
    constructor({ now, clock }) {
        this.#now = now;
        this.#clock = clock;
    }

    /**
     * @param {string} name - What it is about: a notice takes the place of the one before.
     * @param {Error|{tone: string, text: string, action?: {label: string, href?: string, onclick?: () => void}}|null} what
     * @param {{updatedAt?: number}} [snapshot] - The data that is shown all the same.
     */
    set(name, what, snapshot) {
        const notice = what && (what.text ? what : { tone: "bad", text: this.#inWords(what, snapshot) });
        if (this.#dismissed.get(name) === notice?.text && notice) return;
        this.#dismissed.delete(name);
        const before = this.#all.get(name);
        // A notice that looks the same is not drawn again, but its button does what the new one says.
        if (notice) this.#all.set(name, notice);
        else this.#all.delete(name);
        if (!looksLike(before, notice)) this.#draw();
    }

    #dismiss(name, text) {
        this.set(name, null);
        this.#dismissed.set(name, text);
    }

    clear() {
        this.#all.clear();
        this.#dismissed.clear();
        this.#draw();
    }

    #inWords(error, snapshot) {
        const age = snapshot?.updatedAt ? ` What you see is of ${this.#clock(snapshot.updatedAt)}.` : "";
        return `${error.message} ${error.hint ?? ""}`.trim() + age;
    }

    #draw() {
        fill(this.#list, [...this.#all].map(([name, { tone, text, action }]) => h("div", { class: `notice ${tone}` },
            h("span", {}, text),
            action && (action.href ? h("a.button", { href: action.href }, action.label)
                : h("button.button", { type: "button", onclick: () => this.#all.get(name)?.action?.onclick() }, action.label)),
            h("button.plain-button", { type: "button", "aria-label": "Dismiss", onclick: () => this.#dismiss(name, text) }, "×"))));
    }
}

function looksLike(one, other) {
    const looks = (notice) => JSON.stringify([notice?.tone, notice?.text, notice?.action?.label, notice?.action?.href]);
    return looks(one) === looks(other);
}
