// Writes a table as CSV (RFC 4180), with a byte order mark because some spreadsheets need it to detect UTF-8.

import { sentences } from "../text/format.js";

/** Spreadsheets run a text with this beginning as a formula. An apostrophe before it prevents that. */
const formula = /^[=+\-@\t\r\n]/;

/**
 * @param {object[]} rows
 * @param {import("./tables.js").Column[]} shown
 * @param {(code: string) => string} words - Formats a code as on screen.
 */
export function csv(rows, shown, words) {
    const columns = shown.flatMap((column) => (column.kind === "results" ? [column, resultType] : [column]));
    const cells = (row) => columns.map((column) => cell(column, row[column.id], words));
    const lines = [columns.map(({ label }) => quoted(label)), ...rows.map(cells)];
    return `\ufeff${lines.map((line) => `${line.join(",")}\r\n`).join("")}`;
}

const resultType = { id: "result_type", label: "Result type", kind: "text" };

/** Numbers are not rounded. A cell without a value is empty. */
function cell({ id, kind }, value, words) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    // Spreadsheets round numbers with that many digits. A formula keeps the id as text.
    if (id === "id") return quoted(`="${value}"`);
    const text = ["words", "status"].includes(kind) ? words(value) : kind === "list" ? sentences(value) : value;
    return quoted(formula.test(text) ? `'${text}` : text);
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
