// The cells of a table's rows. Names are isolated, so that right-to-left names do not reorder the text around them.

import { h } from "../lib/page/dom.js";
import { isolated, words } from "../lib/text/format.js";
import { statusTone } from "../lib/tables/tables.js";

const isNumber = ({ kind }) => !["text", "words", "status", "moment", "list"].includes(kind);

export const classesOf = (column) => `${isNumber(column) ? "number" : "words"}${column.id === "name" ? " name" : ""}`;

/** @param {string|null} link - Address that the row opens. */
export function nameCell(column, row, link) {
    const text = row[column.id] || `(no name) ${row.id}`;
    const name = h("bdi", {}, text);
    return h("th", { scope: "row", class: classesOf(column), title: isolated(text) },
        link ? h("a", { href: link, tabindex: "-1" }, name) : name);
}

/** Results with their type below the number, or the numbers of a mix. */
export function resultsOf(column, row, write) {
    const { results, result_type: type } = row;
    if (!type) return write(column, results);
    const words = h("small", { title: isolated(type) }, h("bdi", {}, type));
    return (results ?? null) === null ? words : [write(column, results), words];
}

/**
 * @param {(column: object, value: any) => string} write
 * @param {(column: object, row: object) => string|null} explain - Tooltip of a cell without a value.
 */
export function cell(column, row, write, explain) {
    const value = row[column.id];
    const className = classesOf(column);
    if (column.kind === "status") return h("td", { class: className }, h("span", { class: `status ${statusTone(value)}` }, words(value)));
    if (column.kind === "results" && row.result_type) return h("td", { class: `${className} results` }, resultsOf(column, row, write));
    const text = write(column, value);
    if (["text", "list"].includes(column.kind)) return h("td", { class: className, title: isolated(text) }, h("bdi", {}, text));
    return h("td", { class: className, title: (value ?? null) === null ? explain(column, row) : null }, text);
}
