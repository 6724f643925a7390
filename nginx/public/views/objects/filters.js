// The tools above a table: search, status, days, columns and the export.

import { fill, h, icon, icons } from "../../lib/page/dom.js";
import { statusFilter, statusFilters } from "../../lib/tables/tables.js";
import { columnMenu } from "../../elements/column-menu.js";
import { dateRange } from "../../elements/date-range.js";

export class Filters {
    #search;
    #status = h("select", { "aria-label": "Status" });
    #days;
    #export;
    /** While the reader types, the address follows the search box, and not the other way round. */
    #isTyping = false;

    /**
     * @param {object} options
     * @param {import("../../app.js").App} options.app
     * @param {string} options.view
     * @param {object} options.table
     * @param {() => string} options.today
     * @param {(range: {from: string, to: string}) => string} options.writeDays
     * @param {() => void} options.onColumns - Called when the reader has chosen other columns.
     * @param {() => void} options.onExport
     */
    constructor({ app, view, table, today, writeDays, onColumns, onExport }) {
        const title = table.title.toLowerCase();
        this.#search = h("input", {
            type: "search", placeholder: `Search ${title}`, "aria-label": `Search ${title} by name or id`,
            "data-search": true, maxlength: 400, spellcheck: "false",
            oninput: () => {
                this.#isTyping = true;
                app.router.adjust({ q: this.#search.value });
                this.#isTyping = false;
            },
        });
        this.#status.addEventListener("change", () => app.router.adjust({ status: this.#status.value }));
        this.#days = dateRange({
            today, longest: app.session.longestRangeDays, write: writeDays,
            onChange: (change) => app.router.adjust(change, { isStep: true }),
        });
        this.#export = h("button.button", { type: "button", onclick: onExport, "aria-label": "Export as CSV" },
            icon(icons.download), h("span.wide-only", {}, "CSV"));
        this.element = h("div.tools", {},
            h("div.search", {}, icon(icons.search), this.#search), this.#status, this.#days.element,
            columnMenu({ preferences: app.preferences, view, table, onChange: onColumns }).element, this.#export);
    }

    /** @param {Record<string, string>} params - Parameters of the page's address. */
    show(params) {
        if (!this.#isTyping && this.#search.value !== (params.q ?? "")) this.#search.value = params.q ?? "";
        const chosen = statusFilter(params.status);
        const choices = statusFilters.includes(chosen) ? statusFilters : [...statusFilters, chosen];
        if (choices.length !== this.#status.length || choices.at(-1).id !== this.#status.lastElementChild.value) {
            fill(this.#status, choices.map(({ id, label }) => h("option", { value: id }, label)));
        }
        this.#status.value = chosen.id;
    }

    /** @param {{from: string, to: string}} shown - The days of the numbers on screen. */
    showDays(range, shown) {
        this.#days.show(range, shown);
    }

    set canExport(isOn) {
        this.#export.disabled = !isOn;
    }
}
