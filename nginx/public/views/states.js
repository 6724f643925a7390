// Panels shown instead of data: an error, or an empty list.

import { h } from "../lib/page/dom.js";
import { explanation } from "../lib/text/explanation.js";
import { detailsOf } from "../elements/explained.js";

/** An error, with what to do about it. */
export function errorPanel(error, retry) {
    const { summary, details } = explanation(`${error.message} ${error.hint ?? ""}`);
    return h("div.state", { role: "alert" },
        h("h2", {}, error.code === "OFFLINE" ? "You are offline" : "Couldn't load this"),
        h("p", {}, h("bdi", {}, summary)),
        detailsOf(details),
        h("button.button", { type: "button", onclick: retry }, "Try again"));
}

/** An empty list, with the reason. */
export function emptyPanel(title, text, ...actions) {
    return h("div.state", {}, h("h2", {}, title), h("p.quiet", {}, text), ...actions);
}
