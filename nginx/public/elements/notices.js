// Notices at the bottom of the page. In a low window they scroll, so that the page above keeps most of it.
//
//   notices.set("view", error, snapshot); notices.set("sync", { tone: "bad", text, details }); notices.set("sync", null);

import { explanation } from "../lib/text/explanation.js";
import { fill, h } from "../lib/page/dom.js";
import { detailsOf } from "./explained.js";

/**
 * @typedef {object} Notice
 * @property {string} tone - `bad` or `waiting`.
 * @property {string} text
 * @property {string|null} [details] - The technical part, folded away.
 * @property {{label: string, href?: string, onclick?: () => void}|null} [action]
 */

export class Notices {
    #now;
    #clock;
    #all = new Map();
    /** Texts that the reader dismissed. They stay away until the notice changes. */
    #dismissed = new Map();
    #list = h("div", { role: "status", "aria-live": "polite" });
    element = h("aside.notices", { "aria-label": "Notices" }, this.#list);

    /** @param {{now: () => number, clock: (moment: number) => string}} options */
    constructor({ now, clock }) {
        this.#now = now;
        this.#clock = clock;
    }

    /**
     * @param {string} name - The subject. A notice replaces the one before with the same name.
     * @param {Error|Notice|null} what
     * @param {{updatedAt?: number}} [snapshot] - The data that stays on screen.
     */
    set(name, what, snapshot) {
        const notice = what && (what.text ? what : { tone: "bad", ...this.#explain(what, snapshot) });
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

    #explain(error, snapshot) {
        const { summary, details } = explanation(`${error.message} ${error.hint ?? ""}`);
        const age = snapshot?.updatedAt ? ` Data shown: ${this.#clock(snapshot.updatedAt)}.` : "";
        return { text: summary + age, details };
    }

    #draw() {
        fill(this.#list, [...this.#all].map(([name, { tone, text, details, action }]) => h("div", { class: `notice ${tone}` },
            h("div", {}, h("bdi", {}, text), detailsOf(details)),
            action && (action.href ? h("a.button", { href: action.href }, action.label)
                : h("button.button", { type: "button", onclick: () => this.#all.get(name)?.action?.onclick() }, action.label)),
            h("button.plain-button", { type: "button", "aria-label": "Dismiss", onclick: () => this.#dismiss(name, text) }, "×"))));
    }
}

function looksLike(one, other) {
    const looks = (notice) => JSON.stringify([notice?.tone, notice?.text, notice?.action?.label, notice?.action?.href]);
    return looks(one) === looks(other);
}
