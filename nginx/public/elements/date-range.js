// The choice of days: a preset, or a first and a last day.

import { daysBetween, isDay, presetDays, presets } from "../lib/days/days.js";
import { fill, h, icon, icons } from "../lib/page/dom.js";
import { menu } from "./menu.js";

/**
 * @param {object} options
 * @param {(params: {range: string, from: string, to: string}) => void} options.onChange - Receives parameters of the address.
 * @param {number} [options.longest] - Days that the API accepts at most; without it the API alone decides.
 * @param {() => string} options.today
 * @param {(range: {from: string, to: string}) => string} options.write
 */
export function dateRange({ onChange, longest, today, write }) {
    let range = null;
    const face = h("span.nowrap");
    const choose = (params) => {
        panel.close();
        panel.button.focus();
        onChange({ range: "", from: "", to: "", ...params });
    };
    const panel = menu({ face: [face, icon(icons.down)], content: () => content(), side: "right" });

    function content() {
        const from = h("input", { type: "date", value: range.from, max: today(), required: true });
        const to = h("input", { type: "date", value: range.to, max: today(), required: true });
        const problem = h("p.problem", { role: "alert" });
        return [
            h("ul.choices", {}, presets.map(({ id, label }) => h("li", {}, h("button", {
                type: "button",
                "aria-current": range.preset === id ? "true" : null,
                onclick: () => choose({ range: id === "30d" ? "" : id }),
            }, h("span", {}, label), h("small", {}, write(presetDays(id, today()))))))),
            h("form.days", {
                onsubmit: (event) => {
                    event.preventDefault();
                    if (!isDay(from.value) || !isDay(to.value)) return fill(problem, "Enter both days.");
                    if (from.value > to.value) return fill(problem, "The first day is after the last.");
                    if (daysBetween(from.value, to.value) > longest) return fill(problem, `Choose at most ${longest} days.`);
                    choose({ from: from.value, to: to.value });
                },
            },
            h("label", {}, "From", from), h("label", {}, "To", to),
            h("button.button.primary", { type: "submit" }, "Apply"), problem),
        ];
    }

    return {
        element: panel.element,
        /** @param {{from: string, to: string}} [held] - The days on screen, if they differ from the chosen ones. */
        show(next, held = next) {
            range = { ...next, from: held.from, to: held.to };
            const isHeld = held.from === next.from && held.to === next.to;
            const preset = isHeld && presets.find(({ id }) => id === next.preset);
            fill(face, preset ? preset.label : write(range));
            panel.button.setAttribute("aria-label", `Days: ${preset ? `${preset.label}, ` : ""}${write(range)}`);
        },
    };
}
