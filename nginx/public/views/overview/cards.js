// The cards of the overview: a number, its change, and a small line. Each is a button that chooses the metric of the chart.

import { h } from "../../lib/page/dom.js";
import { change } from "../../lib/days/periods.js";
import { sparkline } from "../../elements/plot.js";

/**
 * @param {object} options
 * @param {{id: string, label: string, kind: string, better: number}} options.metric
 * @param {boolean} options.isChosen
 * @param {number|null} options.value
 * @param {{now: object, then: object}|null} options.sides - The sums to compare; see `compared`.
 * @param {object|null} options.pair - The days that are compared.
 * @param {boolean} options.isSameRange - The compared days are those of the value.
 * @param {(number|null)[]} options.line - Values of the small line.
 * @param {number} options.whole - How many of these are of whole days.
 * @param {(kind: string, isShort?: boolean) => (value: number|null) => string} options.write
 * @param {(value: number|null) => string} options.writeChange
 * @param {string} options.missing - The tooltip of a missing number.
 * @param {() => void} options.onChoose
 */
export function metricCard({ metric, isChosen, value, sides, pair, isSameRange, line, whole, write, writeChange, missing, onChoose }) {
    const { id, label, kind, better } = metric;
    const grown = sides ? change(sides.now[id], sides.then[id]) : null;
    // A comparison that includes a part of today gets no colour.
    const tone = better === 0 || grown === null || !pair.isWhole || Math.abs(grown) < 0.0005 ? "" : grown > 0 ? " good" : " bad";
    const short = write(kind, kind === "count" || kind === "money");
    return h("button.card.metric", { type: "button", "data-metric": id, "aria-pressed": String(isChosen), onclick: onChoose },
        h("span.label", {}, label),
        h("span.value", { title: value === null ? missing : null }, write(kind)(value)),
        h("span", {
            class: `delta${tone}`,
            title: sides ? `${write(kind)(sides.now[id])} vs ${write(kind)(sides.then[id])}` : null,
        }, grown !== null ? h("strong", {}, `${writeChange(grown)} `) : "",
        // Without today, the change covers other days than the number above it.
        !sides ? "not compared" : isSameRange ? `vs ${short(sides.then[id])}` : grown === null ? "" : "full days"),
        sparkline(line, whole));
}

/** A card whose number is loading. */
export const cardWithoutNumber = ({ label }) => h("div.card.metric", { "aria-hidden": "true" },
    h("span.label", {}, label), h("span.value", {}, h("span.bone")), h("span.delta", {}, h("span.bone")));
