// Writes a table as CSV (RFC 4180). It begins with a byte order mark, because some spreadsheets need it to read UTF-8.

/** Spreadsheets run a text that begins like this as a formula. An apostrophe before it makes it text. */
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

/** Numbers are not rounded. A cell without a value is empty. */
function cell({ id, kind }, value, words) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    // Spreadsheets round a number of so many digits. A formula keeps the id as text.
    if (id === "id") return quoted(`="${value}"`);
    const text = ["words", "status"].includes(kind) ? words(value) : value;
    return quoted(formula.test(text) ? `'${text}` : text);
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
