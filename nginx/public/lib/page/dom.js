// Creates elements. Texts are always inserted as text, so that names of ads never become markup.

const svgNames = new Set(["svg", "path", "line", "g", "rect", "circle", "text", "title"]);

/**
 * @param {string} name - A tag with classes: `div.card.wide`.
 * @param {Record<string, any>} [attributes] - `on…` are listeners. `style` is an object of CSS properties, set one by one as
 *     the content security policy requires. `true` and `false` add or omit an attribute. `prop:x` sets a property.
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
    const [tag, ...classes] = name.split(".");
    const element = svgNames.has(tag)
        ? document.createElementNS("http://www.w3.org/2000/svg", tag)
        : document.createElement(tag);
    if (classes.length > 0) element.setAttribute("class", classes.join(" "));
    for (const [key, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
        else if (key === "style") for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
        else if (key.startsWith("prop:")) element[key.slice(5)] = value;
        else element.setAttribute(key, value === true ? "" : String(value));
    }
    append(element, children);
    return element;
}

function append(element, children) {
    for (const child of children) {
        if (Array.isArray(child)) append(element, child);
        else if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
    }
}

/** Sets the text if it differs, so that an unchanged element keeps selection and focus. */
export function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

/** Replaces the children. */
export function fill(element, ...children) {
    element.replaceChildren();
    append(element, children);
    return element;
}

/** A line icon, 16 pixels wide. */
export function icon(path) {
    return h("svg.icon", { viewBox: "0 0 16 16", "aria-hidden": "true" }, h("path", { d: path }));
}

export const icons = {
    sync: "M13.5 6.5A6 6 0 0 0 3 4.5L2 6M2 2.5V6h3.500M2.500 9.500A6 6 0 0 0 13 11.500l1-1.500M14 13.500V10h-3.500",
    sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
    down: "M4 6l4 4 4-4",
    download: "M8 2v8M4.500 7 8 10.500 11.500 7M2.500 13.500h11",
    columns: "M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10",
    search: "M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9ZM10.500 10.500 14 14",
    alert: "M8 2 1.500 13.500h13zM8 6.500v3.200M8 11.400v.6",
};
