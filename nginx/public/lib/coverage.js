// Which days of a range are held, in words.

import { daysBetween } from "./days.js";

/** Days of results that Facebook keeps, today included; the API takes no more. */
export const longestHistory = 1_123;

/**
 * @param {{from: string|null, to: string|null, complete: boolean}|undefined} coverage - Of an answer.
 * @param {{from: string, to: string}} range - What was asked for.
 * @param {string} today
 * @param {(day: string) => string} write - Writes a day.
 * @returns {{text: string, wish: number|null}|null} What is missing, and how many days of history would bring it; `null` when
 *     no day is missing at either end.
 */
export function missingDays(coverage, range, today, write) {
    if (!coverage) return null;
    const wish = daysBetween(range.from, today);
    const loadable = wish > 0 && wish <= longestHistory ? wish : wish > 0 ? longestHistory : null;
    if (coverage.from === null) return { text: "None of these days are held.", wish: range.from < today ? loadable : null };
    if (coverage.from > range.from) return { text: `Days before ${write(coverage.from)} are not held.`, wish: loadable };
    if (coverage.to < range.to && coverage.to < today) return { text: `Days after ${write(coverage.to)} are not held yet.`, wish: null };
    return null;
}

/**
 * How far the history that somebody has asked for is read; `null` when all of it is, or it does not reach the day.
 *
 * @param {{history?: {days: number, from: string, held: number}}|null} status - Of `GET /api/sync/status`.
 * @param {string} day
 */
export function loadingHistory(status, day) {
    const { history } = status ?? {};
    if (!history || history.held >= history.days || history.from > day) return null;
    return `Older days are being loaded: ${history.held} of ${history.days} days are held.`;
}
