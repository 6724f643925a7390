// A table as a file that spreadsheets open: RFC 4180, with a byte order mark, without which some take UTF-8 for something else.

/** A spreadsheet takes what begins like this for a formula, and names of ads are anybody's: an apostrophe makes it text. */
const formula = /^[=+\-@\t\r\n]/;

/**
 * @param {object[]} rows
 * @param {import("./tables.js").Column[]} columns
 * @param {(code: string) => string} words - Writes a code as it stands on screen.
 */
export function csv(rows, columns, words) {
    const cells = (row) => columns.map((column) => cell(column, row[column.id], words));
    const lines = [columns.map(({ label }) => quoted(label)), ...rows.map(cells)];
    return `\ufeff${lines.map((line) => `${line.join(",")}\r\n`).join("")}`;
}

/** Numbers stand as they are, without rounding; what has no value is empty. */
function cell({ id, kind }, value, words) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    // An id has more digits than a spreadsheet's numbers: as a formula it stays a text.
    if (id === "id") return quoted(`="${value}"`);
    const text = ["words", "status"].includes(kind) ? words(value) : value;
    return quoted(formula.test(text) ? `'${text}` : text);
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
