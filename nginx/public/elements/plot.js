// A line chart of days with the previous period as a dashed line. Days that are not over are dotted. It fills the available
// width.
//
//   const plot = new Plot();
//   plot.show({ days, values, before, whole, write, writeDay, label });

import { fill, h } from "../lib/page/dom.js";
import { linePath, ticks } from "../lib/page/scale.js";

const height = 260;
const edge = { top: 12, right: 16, bottom: 28, left: 64 };

export class Plot {
    #what = null;
    #svg = h("svg", { role: "img", height: String(height) });
    #resize = new ResizeObserver(() => this.#draw());

    constructor() {
        this.element = h("div.plot", {}, this.#svg);
        this.#resize.observe(this.element);
    }

    /**
     * @param {object} what
     * @param {string[]} what.days
     * @param {(number|null)[]} what.values - One per day.
     * @param {(number|null)[]|null} what.before - As many values of the previous period.
     * @param {number} what.whole - How many of the days, from the first on, are whole. The values of later ones will grow.
     * @param {(value: number) => string} what.write - Formats a value in short form.
     * @param {(day: string) => string} what.writeDay - Formats a day in short form.
     * @param {string} what.label - Description for screen readers.
     */
    show(what) {
        this.#what = what;
        this.#draw();
    }

    destroy() {
        this.#resize.disconnect();
    }

    #draw() {
        const width = this.element.clientWidth;
        if (!this.#what || width === 0) return;
        const { days, values, before, whole, write, writeDay, label } = this.#what;
        const known = [...values, ...(before ?? [])].filter((value) => (value ?? null) !== null);
        // Without any value there is no scale, not even a zero.
        const marks = known.length > 0 ? ticks(Math.max(0, ...known)) : [1];
        const right = width - edge.right;
        const bottom = height - edge.bottom;
        const step = days.length > 1 ? (right - edge.left) / (days.length - 1) : 0;
        const x = (index) => (days.length > 1 ? edge.left + index * step : (edge.left + right) / 2);
        const y = (value) => bottom - (value / marks.at(-1)) * (bottom - edge.top);
        const line = linePath(values, x, y);
        const every = Math.max(1, Math.ceil(days.length / Math.max(2, Math.floor((right - edge.left) / 88))));
        const last = days.length - 1;
        const end = values.findLastIndex((value) => (value ?? null) !== null);
        const { closed, open } = split(values, whole);
        this.#svg.setAttribute("width", String(width));
        // Paper is narrower than the window; the style sheet scales the plot.
        this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        this.#svg.setAttribute("aria-label", label);
        fill(this.#svg,
            known.length > 0 && marks.map((mark) => h("g", {},
                h("line.grid", { x1: edge.left, x2: right, y1: y(mark), y2: y(mark) }),
                h("text.axis", { x: edge.left - 10, y: y(mark) + 4, "text-anchor": "end" }, write(mark)))),
            days.map((day, index) =>
                (last - index) % every === 0 &&
                h("text.axis", { x: x(index), y: height - 8, "text-anchor": index === last && last > 0 ? "end" : "middle" }, writeDay(day))),
            before && h("path.before", { d: linePath(before, x, y) }),
            line && days.length > 1 && !values.includes(null) && h("path.area", { d: `${line}L${x(last)} ${bottom}L${x(0)} ${bottom}Z` }),
            h("path.now", { d: linePath(closed, x, y) }),
            h("path.open", { d: linePath(open, x, y) }),
            end >= 0 && h("circle", { class: end < whole ? "now" : "open", cx: x(end), cy: y(values[end]), r: 3.5 }));
    }
}

/** The values of whole days, and those from the last of them on; `null` elsewhere. */
function split(values, whole) {
    return {
        closed: values.map((value, index) => (index < whole ? value : null)),
        open: values.map((value, index) => (whole < values.length && index >= whole - 1 ? value : null)),
    };
}

/**
 * A small line without axes.
 *
 * @param {number} whole - How many of the values are of whole days.
 */
export function sparkline(values, whole, width = 96, tall = 28) {
    const largest = Math.max(0, ...values);  // `null` counts as 0 here and leaves a gap in the line
    const x = (index) => 1 + (index * (width - 2)) / Math.max(1, values.length - 1);
    const y = (value) => tall - 2 - (largest > 0 ? value / largest : 0) * (tall - 4);
    const { closed, open } = split(values, whole);
    return h("svg.sparkline", { width, height: tall, viewBox: `0 0 ${width} ${tall}`, "aria-hidden": "true" },
        h("path", { d: linePath(closed, x, y) }), h("path.open", { d: linePath(open, x, y) }));
}
