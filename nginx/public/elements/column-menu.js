// The choice of a table's columns. The browser remembers it.

import { h, icon, icons } from "../lib/page/dom.js";
import { menu } from "./menu.js";

const nameOf = (view) => `columns.${view}`;
const isList = (value) => Array.isArray(value) && value.every((id) => typeof id === "string");

/** The columns to show, in the table's order. The name is always included. */
export function chosenColumns(preferences, view, table) {
    const chosen = preferences.get(nameOf(view), null, isList);
    return table.columns.filter(({ id, isHidden }, index) => index === 0 || (chosen ? chosen.includes(id) : !isHidden));
}

export function columnMenu({ preferences, view, table, onChange }) {
    return menu({
        label: "Columns",
        face: [icon(icons.columns), h("span.wide-only", {}, "Columns")],
        side: "right",
        content: () => {
            const shown = new Set(chosenColumns(preferences, view, table).map(({ id }) => id));
            const toggle = (id, isOn) => {
                if (isOn) shown.add(id);
                else shown.delete(id);
                preferences.set(nameOf(view), [...shown]);
                onChange();
            };
            return [h("fieldset.checks", {}, h("legend", {}, "Columns"),
                table.columns.slice(1).map(({ id, label }) => h("label", {}, h("input", {
                    type: "checkbox", "prop:checked": shown.has(id), onchange: (event) => toggle(id, event.target.checked),
                }), label)))];
        },
    });
}
