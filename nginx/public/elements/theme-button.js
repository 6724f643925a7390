// The button for light, dark or the system's colours.

import { h, icon, icons } from "../lib/page/dom.js";

const themes = ["auto", "light", "dark"];
const names = { auto: "system", light: "light", dark: "dark" };

/** @param {import("../lib/page/preferences.js").Preferences} preferences */
export const themeOf = (preferences) => preferences.get("theme", "auto", (value) => themes.includes(value));

export function applyTheme(theme) {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
}

export function themeButton(preferences) {
    const name = () => `Colours: ${names[themeOf(preferences)]}. Switch.`;
    const button = h("button.button.icon-only", {
        type: "button",
        "aria-label": name(),
        title: name(),
        onclick: () => {
            const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
            // The first press always changes the colours.
            const order = isDark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
            const next = order[(order.indexOf(themeOf(preferences)) + 1) % 3];
            preferences.set("theme", next);
            applyTheme(next);
            button.setAttribute("aria-label", name());
            button.title = name();
        },
    }, icon(icons.sun));
    return button;
}
