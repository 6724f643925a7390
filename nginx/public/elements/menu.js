// A button that opens a panel. Escape, a click elsewhere, or moving the focus out closes it.
//
//   const columns = menu({ label: "Columns", face: [icon(icons.columns), "Columns"], content: () => [...] });
//   toolbar.append(columns.element);

import { fill, h } from "../lib/page/dom.js";

/**
 * @param {object} options
 * @param {string} [options.label] - For screen readers.
 * @param {(Node|string)[]} options.face - The button's contents.
 * @param {() => Node[]} options.content - Makes the panel's contents each time it opens.
 * @param {string} [options.side] - `left` or `right`: the edge that panel and button share.
 * @param {string} [options.look] - CSS classes of the button.
 */
export function menu({ label, face, content, side = "left", look = "button" }) {
    const panel = h("div.panel", { hidden: true, class: `panel ${side}` });
    const button = h("button", {
        type: "button",
        class: look,
        "aria-expanded": "false",
        "aria-label": label,
        onclick: () => (panel.hidden ? open() : close()),
    }, ...face);
    const element = h("div.menu", {
        onkeydown: (event) => {
            if (event.key === "Escape" && !panel.hidden) {
                event.stopPropagation();
                close();
                button.focus();
            }
        },
        onfocusout: (event) => {
            if (event.relatedTarget && !element.contains(event.relatedTarget)) close();
        },
    }, button, panel);

    function open() {
        fill(panel, content());
        panel.hidden = false;
        button.setAttribute("aria-expanded", "true");
        document.addEventListener("pointerdown", closeOutside);
        panel.querySelector("[aria-current=true], a, button, input, select")?.focus();
    }

    function close() {
        panel.hidden = true;
        button.setAttribute("aria-expanded", "false");
        document.removeEventListener("pointerdown", closeOutside);
    }

    function closeOutside(event) {
        if (!element.contains(event.target)) close();
    }

    return {
        element,
        button,
        close,
        get isOpen() {
            return !panel.hidden;
        },
        refresh: () => panel.hidden || fill(panel, content()),
    };
}
