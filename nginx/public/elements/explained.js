// A message whose technical part is folded away under "Details".

import { explanation } from "../lib/text/explanation.js";
import { h } from "../lib/page/dom.js";

/**
 * @param {string} text - As the server sent it.
 * @returns {Node[]}
 */
export function explained(text) {
    const { summary, details } = explanation(text);
    return [h("bdi", {}, summary), ...detailsOf(details)];
}

/**
 * @param {string|null|undefined} text
 * @returns {Node[]} Nothing without a text.
 */
export function detailsOf(text) {
    return text ? [h("details.technical", {}, h("summary", {}, "Details"), h("bdi", {}, text))] : [];
}
