// The notes below a table.

import { heldInWords } from "../../lib/days/coverage.js";
import { totals } from "../../lib/tables/rows.js";

/**
 * "12 of 50 campaigns · Mar 1 – 7, 2026 · Facebook does not return Reach"
 *
 * @param {object} options
 * @param {{one: string, title: string}} options.table
 * @param {number} options.shown - Rows on screen.
 * @param {number} options.all - Rows of the response.
 * @param {{from: string, to: string}} options.days - The days of the numbers on screen.
 * @param {object} options.coverage - That of the response.
 * @param {{from: string, to: string}} options.range - The chosen days.
 * @param {string} options.today
 * @param {object|null} options.status - Response of `GET /api/sync/status`.
 * @param {string[]} options.refused - Labels of columns that Facebook does not return.
 * @param {ReturnType<import("../../lib/text/format.js").formats>} options.formats
 */
export function sentence({ table, shown, all, days, coverage, range, today, status, refused, formats }) {
    const { count } = formats;
    const some = table.title.toLowerCase();
    const rows = shown === all ? `${count(shown)} ${shown === 1 ? table.one : some}` : `${count(shown)} of ${count(all)} ${some}`;
    const missing = refused.length > 0 ? [`Facebook does not return ${refused.join(", ")}`] : [];
    return [rows, formats.days(days), ...heldInWords(coverage, range, today, status, formats), ...missing].join(" · ");
}

/**
 * Explains how the rows on screen add up to the account's total. Empty if something is unknown, or nothing is missing.
 *
 * @param {object[]} rows - All rows of the response.
 * @param {{hidden: {rows: number, spend: number|null}, account: {spend: number|null}}} response
 */
export function reconciled(rows, { hidden, account: whole }, table, { money, count }) {
    const shown = totals(rows, [{ id: table.spend, isAdditive: true }])[table.spend];
    if (shown === null || hidden.spend === null) return "";
    const pieces = [];
    const some = table.title.toLowerCase();
    if (hidden.spend !== 0) pieces.push(`+ ${money(hidden.spend)} in ${count(hidden.rows)} archived or deleted ${hidden.rows === 1 ? table.one : some}`);
    const rest = whole.spend === null ? 0 : whole.spend - shown - hidden.spend;
    // Facebook rounds each row's spend to a cent.
    if (Math.abs(rest) >= 0.005) pieces.push(`${rest < 0 ? "−" : "+"} ${money(Math.abs(rest))} ${Math.abs(rest) <= 0.005 * (rows.length + hidden.rows) ? "from rounding" : `not in any listed ${table.one}`}`);
    if (pieces.length === 0 || whole.spend === null) return pieces.join(" ");
    return `${money(shown)} ${pieces.join(" ")} = ${money(whole.spend)} account total`;
}
