// What stands in the place of data: something went wrong, or there is nothing.

import { h } from "../lib/dom.js";

/** An error in the place of data, with what to do about it. */
export function errorPanel(error, retry) {
    return h("div.state", { role: "alert" },
        h("h2", {}, error.code === "OFFLINE" ? "You are offline" : "This cannot be shown now"),
        h("p", {}, error.message),
        error.hint && h("p.quiet", {}, error.hint),
        h("button.button", { type: "button", onclick: retry }, "Try again"));
}

/** Nothing, and why. */
export function emptyPanel(title, text, ...actions) {
    return h("div.state", {}, h("h2", {}, title), h("p.quiet", {}, text), ...actions);
}
