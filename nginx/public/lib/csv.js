// A table as a file that spreadsheets open: RFC 4180, with a byte order mark, without which some take UTF-8 for something else.

/** A spreadsheet takes what begins like this for a formula, and names of ads are anybody's: an apostrophe makes it text. */
const formula = /^[=+\-@\t\r\n]/;

/**
 * @param {object[]} rows
 * @param {import("./tables.js").Column[]} columns
 * @param {(column: object, value: any) => string|number|null} write - `null` for what has no value.
 */
export function csv(rows, columns, write) {
    const lines = [columns.map(({ label }) => label), ...rows.map((row) => columns.map((column) => write(column, row[column.id])))];
    return `\ufeff${lines.map((cells) => `${cells.map(field).join(",")}\r\n`).join("")}`;
}

function field(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    const text = formula.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
