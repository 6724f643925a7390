// A table of any length. Only visible rows are in the document. Arrow keys move, Space selects, Enter opens.
//
//   const table = new DataTable({ caption, link, onSort, onSelect });
//   table.show({ columns, rows, order, totals, write });

import { fill, h } from "../lib/page/dom.js";
import { rowAfterKey, scrollTopFor, visibleRows } from "../lib/tables/windowing.js";
import { isolated } from "../lib/text/format.js";
import { cell, nameCell } from "./table-cells.js";
import { headRow, totalsRow } from "./table-edges.js";
import { isNarrow, narrowWidth, sortedBesideName } from "./table-shape.js";

/** Pixels, as in the style sheet. */
const rowHeight = 36;
const checkWidth = 40;

export class DataTable {
    #link;
    #onSort;
    #onSelect;
    #rows = [];
    #columns = [];
    /** What `show` got last, and whether the window was narrow then. */
    #shown = null;
    #wasNarrow = false;
    #write = () => "";
    #explain = () => null;
    #isPrinted = false;
    #selected = new Set();
    #active = 0;
    #rendered = new Map();
    /** Increases when all cells must be written again. */
    #version = 0;
    #head = h("thead");
    #above = h("tr.spacer", { role: "presentation", "aria-hidden": "true" }, h("td"));
    #below = h("tr.spacer", { role: "presentation", "aria-hidden": "true" }, h("td"));
    #body = h("tbody", {}, this.#above, this.#below);
    #foot = h("tfoot");
    #group = h("colgroup");
    #table;
    #message = h("div.table-message", { hidden: true });
    // Remembered, because reading it from the browser forces a layout.
    #height = window.innerHeight;
    #scrollTop = 0;
    #resize = new ResizeObserver(() => {
        this.#height = this.element.clientHeight;
        if (this.#shown && isNarrow() !== this.#wasNarrow) this.show(this.#shown);
        this.#size();
        this.#render();
    });

    /**
     * @param {object} options
     * @param {string} options.caption
     * @param {(row: object) => string|null} options.link - Address that a row opens.
     * @param {(column: import("../lib/tables/tables.js").Column) => void} options.onSort
     * @param {(ids: Set<string>) => void} options.onSelect
     */
    constructor({ caption, link, onSort, onSelect }) {
        this.#link = link;
        this.#onSort = onSort;
        this.#onSelect = onSelect;
        this.#table = h("table", { role: "grid", "aria-label": caption, "aria-multiselectable": "true" },
            this.#group, this.#head, this.#body, this.#foot);
        this.element = h("div.table-scroll", {
            tabindex: "-1",
            onkeydown: (event) => this.#press(event),
            onclick: (event) => this.#click(event),
        }, this.#table, this.#message);
        this.element.addEventListener("scroll", () => {
            this.#scrollTop = this.element.scrollTop;
            this.#render();
        }, { passive: true });
        this.#resize.observe(this.element);
        window.addEventListener("beforeprint", this.#print);
        window.addEventListener("afterprint", this.#print);
    }

    /** Prints all rows, not only the visible ones. */
    #print = ({ type }) => {
        this.#isPrinted = type === "beforeprint";
        this.#render();
    };

    /** Ids of the selected rows that still exist. */
    get selected() {
        return this.#selected;
    }

    /**
     * Shows rows. Scroll position, selection and focus stay.
     *
     * @param {object} what
     * @param {import("../lib/tables/tables.js").Column[]} what.columns
     * @param {object[]|null} what.rows - `null` while they load: shows skeletons.
     * @param {{column: string, isDescending: boolean}} what.order
     * @param {Record<string, number|null>} what.totals - Of these columns, and of those that explain them.
     * @param {string} what.totalLabel
     * @param {(column: object, value: any) => string} what.write
     * @param {(column: object, row: object) => string|null} what.explain - Tooltip of a cell without a value.
     * @param {(Node|string)[]|null} what.message - Shown instead of rows.
     */
    show(what) {
        const { rows, order, totals, totalLabel, write, explain, message = null } = what;
        const columns = isNarrow() ? sortedBesideName(what.columns, order) : what.columns;
        this.#shown = what;
        this.#wasNarrow = isNarrow();
        const activeID = this.#rows[this.#active]?.id;
        const isOtherShape = columns.map(({ id }) => id).join() !== this.#columns.map(({ id }) => id).join();
        this.#columns = columns;
        this.#write = write;
        this.#explain = explain;
        this.#rows = rows ?? [];
        this.#version += 1;
        if (activeID !== undefined && this.#rows[this.#active]?.id !== activeID) {
            const index = this.#rows.findIndex(({ id }) => id === activeID);
            this.#active = index >= 0 ? index : Math.min(this.#active, Math.max(0, this.#rows.length - 1));
        }
        if (rows) this.#dropSelected();
        if (isOtherShape) fill(this.#group, h("col.check"), columns.map(() => h("col")));
        this.#size();
        this.#writeHead(order);
        this.#writeFoot(rows ? totals : {}, totalLabel);
        this.#table.setAttribute("aria-rowcount", String(this.#rows.length + 2));
        this.#table.setAttribute("aria-colcount", String(columns.length + 1));
        const isAwaited = rows === null && message === null;
        this.#table.setAttribute("aria-busy", String(isAwaited));
        this.#message.hidden = message === null;
        this.#foot.hidden = message !== null;
        fill(this.#message, message ?? []);
        if (isAwaited) this.#renderSkeletons();
        else this.#render();
    }

    scrollToTop() {
        this.#active = 0;
        if (this.#scrollTop === 0) return;
        this.#scrollTop = 0;
        this.element.scrollTop = 0;
        this.#render();
    }

    destroy() {
        this.#resize.disconnect();
        window.removeEventListener("beforeprint", this.#print);
        window.removeEventListener("afterprint", this.#print);
    }

    // --- Head and foot ---

    #size() {
        let sum = checkWidth;
        this.#columns.forEach((column, index) => {
            const pixels = isNarrow() ? narrowWidth(column) : column.width;
            sum += pixels;
            this.#group.children[index + 1]?.style.setProperty("width", `${pixels}px`);
        });
        this.#table.style.setProperty("min-width", `${sum}px`);
    }

    #writeHead(order) {
        const focused = this.#head.contains(document.activeElement) ? document.activeElement.dataset.column : null;
        fill(this.#head, headRow(this.#columns, order, { selected: this.#selected.size, all: this.#rows.length }));
        if (focused) this.#head.querySelector(`[data-column="${focused}"]`)?.focus();
    }

    #writeFoot(totals, label) {
        fill(this.#foot, totalsRow(this.#columns, totals, label, {
            index: this.#rows.length + 2, write: this.#write, explain: this.#explain,
        }));
    }

    // --- Rows ---

    #render() {
        if (this.#columns.length === 0 || this.#table.getAttribute("aria-busy") === "true") return;
        const { first, end, above, below } = this.#isPrinted ? { first: 0, end: this.#rows.length, above: 0, below: 0 } : visibleRows({
            count: this.#rows.length, rowHeight, scrollTop: this.#scrollTop, height: this.#height,
        });
        const kept = new Map();
        const hadFocus = this.element.contains(document.activeElement) && !this.#head.contains(document.activeElement);
        let before = this.#above;
        this.#above.style.setProperty("height", `${above}px`);
        this.#below.style.setProperty("height", `${below}px`);
        for (let index = first; index < end; index += 1) {
            const row = this.#rows[index];
            const line = this.#rendered.get(row.id) ?? { element: h("tr"), version: -1 };
            kept.set(row.id, line);
            if (line.version !== this.#version || line.index !== index) this.#writeRow(line, row, index);
            if (before.nextSibling !== line.element) before.after(line.element);
            before = line.element;
        }
        while (before.nextSibling !== this.#below) before.nextSibling.remove();
        this.#rendered = kept;
        const active = kept.get(this.#rows[this.#active]?.id);
        // The focused row scrolled out of the document. The table takes the focus, so that keys still work.
        if (hadFocus && !this.element.contains(document.activeElement)) (active?.element ?? this.element).focus({ preventScroll: true });
    }

    #writeRow(line, row, index) {
        line.version = this.#version;
        line.index = index;
        const isSelected = this.#selected.has(row.id);
        const { element } = line;
        element.dataset.index = String(index);
        element.setAttribute("aria-rowindex", String(index + 2));
        element.setAttribute("aria-selected", String(isSelected));
        element.setAttribute("tabindex", index === this.#active ? "0" : "-1");
        fill(element,
            h("td.check", {}, h("input", {
                type: "checkbox",
                tabindex: "-1",
                "aria-label": `Select ${isolated(row.name || row.id)}`,
                "prop:checked": isSelected,
            })),
            this.#columns.map((column, place) =>
                (place === 0 ? nameCell(column, row, this.#link(row)) : cell(column, row, this.#write, this.#explain))));
    }

    /** One cell with a picture of rows. It is as high as the table, so that the totals do not move later. */
    #renderSkeletons() {
        this.#rendered = new Map();
        this.#above.style.setProperty("height", "0px");
        this.#below.style.setProperty("height", "0px");
        const picture = h("td.bones", { colspan: this.#columns.length + 1, style: { height: `${this.#height}px` } });
        fill(this.#body, this.#above, h("tr", { "aria-hidden": "true" }, picture), this.#below);
    }

    // --- Keys and clicks ---

    #press(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || this.#head.contains(event.target)) return;
        if (event.key === " " && event.target.tagName !== "INPUT") {
            event.preventDefault();
            this.#toggle(this.#active);
        } else if (event.key === "Enter" && event.target.tagName !== "A") {
            const link = this.#rows[this.#active] && this.#link(this.#rows[this.#active]);
            if (link) location.hash = link;
        } else {
            const page = Math.max(1, Math.floor(this.#innerHeight / rowHeight) - 1);
            const index = rowAfterKey(event.key, { index: this.#active, count: this.#rows.length, page });
            if (index === null) return;
            event.preventDefault();
            this.#activate(index);
        }
    }

    #click(event) {
        const sort = event.target.closest("[data-sort]")?.dataset.sort;
        if (sort) return this.#onSort(this.#columns.find(({ id }) => id === sort));
        if (event.target.dataset.all !== undefined) return this.#toggleAll(event.target.checked);
        const line = event.target.closest("tr[data-index]");
        if (!line) return;
        const index = Number(line.dataset.index);
        if (event.target.closest("td.check")) this.#toggle(index);
        if (!event.target.closest("a")) this.#activate(index);
    }

    get #innerHeight() {
        return this.element.clientHeight - this.#head.offsetHeight - this.#foot.offsetHeight;
    }

    #activate(index) {
        this.#rendered.get(this.#rows[this.#active]?.id)?.element.setAttribute("tabindex", "-1");
        this.#active = index;
        this.#scrollTop = scrollTopFor({ index, rowHeight, scrollTop: this.#scrollTop, height: this.#innerHeight });
        this.element.scrollTop = this.#scrollTop;
        this.#render();
        const line = this.#rendered.get(this.#rows[index].id);
        line?.element.setAttribute("tabindex", "0");
        line?.element.focus({ preventScroll: true });
    }

    #toggle(index) {
        const id = this.#rows[index]?.id;
        if (id === undefined) return;
        if (!this.#selected.delete(id)) this.#selected.add(id);
        this.#onSelect(this.#selected);
    }

    #toggleAll(isOn) {
        this.#selected = new Set(isOn ? this.#rows.map(({ id }) => id) : []);
        this.#onSelect(this.#selected);
    }

    #dropSelected() {
        if (this.#selected.size === 0) return;
        const there = new Set(this.#rows.map(({ id }) => id));
        this.#selected = new Set([...this.#selected].filter((id) => there.has(id)));
    }
}
