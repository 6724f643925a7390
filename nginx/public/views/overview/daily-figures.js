// The daily figures below the chart, newest first. Their rows are drawn only while they are unfolded.

import { fill, h } from "../../lib/page/dom.js";

export class DailyFigures {
    #what = null;
    #head = h("summary", {}, "Daily figures");
    element = h("details.numbers", { open: window.innerHeight >= 900, ontoggle: () => this.#draw() }, this.#head);

    /**
     * @param {object} what
     * @param {object[]} what.days - With their ratios.
     * @param {{id: string, label: string, kind: string}[]} what.metrics
     * @param {(kind: string) => (value: number|null) => string} what.write
     * @param {(day: string) => string} what.writeDay
     * @param {(id: string) => string} what.explain - The tooltip of a missing number.
     */
    show(what) {
        this.#what = what;
        this.#draw();
    }

    #draw() {
        if (!this.element.open || !this.#what || this.#what.days.length === 0) return;
        const { days, metrics, write, writeDay, explain } = this.#what;
        const table = h("table.plain", {},
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Day"),
                metrics.map(({ label }) => h("th.number", { scope: "col" }, label)))),
            h("tbody", {}, days.toReversed().map((day) => h("tr", {}, h("th", { scope: "row" }, writeDay(day.date)),
                metrics.map(({ id, kind }) => h("td.number", { title: (day[id] ?? null) === null ? explain(id) : null }, write(kind)(day[id])))))));
        fill(this.element, this.#head, h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": "Daily figures" }, table));
    }
}
