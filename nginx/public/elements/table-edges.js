// The head of a table, with a button for the order of each column, and its row of totals.

import { h } from "../lib/page/dom.js";
import { classesOf, resultsOf } from "./table-cells.js";

/**
 * @param {import("../lib/tables/tables.js").Column[]} columns
 * @param {{column: string, isDescending: boolean}} order
 * @param {{selected: number, all: number}} rows - How many rows are selected, and how many there are.
 */
export function headRow(columns, order, { selected, all }) {
    const isAll = all > 0 && selected === all;
    return h("tr", { "aria-rowindex": 1 },
        h("th.check", { scope: "col" }, h("input", {
            type: "checkbox",
            "aria-label": "Select all rows",
            "data-column": "select",
            "prop:checked": isAll,
            "prop:indeterminate": !isAll && selected > 0,
            "data-all": true,
        })),
        columns.map((column) => {
            const isSorted = order.column === column.id;
            const direction = order.isDescending ? "descending" : "ascending";
            return h("th", { scope: "col", class: classesOf(column), "aria-sort": isSorted ? direction : null },
                h("button", { type: "button", "data-column": column.id, "data-sort": column.id },
                    h("span", {}, column.label),
                    h("span.arrow", { "aria-hidden": "true" }, isSorted ? (order.isDescending ? "▼" : "▲") : "")));
        }));
}

/**
 * A cell without a member in `totals` is blank: its column cannot be added up.
 *
 * @param {Record<string, number|null>} totals
 * @param {string} label
 * @param {object} options
 * @param {number} options.index - The row's index for screen readers.
 * @param {(column: object, value: any) => string} options.write
 * @param {(column: object, row: object) => string|null} options.explain - Tooltip of a cell without a value.
 */
export function totalsRow(columns, totals, label, { index, write, explain }) {
    return h("tr", { "aria-rowindex": index },
        h("td.check"),
        columns.map((column, place) => (place === 0
            ? h("th", { scope: "row", class: classesOf(column) }, label)
            : h("td", {
                class: `${classesOf(column)}${column.kind === "results" ? " results" : ""}`,
                title: totals[column.id] === null && !(column.kind === "results" && totals.result_type) ? explain(column, totals) : null,
            }, column.kind === "results" && "results" in totals ? resultsOf(column, totals, write)
                : column.id in totals ? write(column, totals[column.id]) : ""))));
}
