// Which days of a range are held, in words.

import { addDays, daysBetween } from "./days.js";

/** Days of results that Facebook keeps, today included; the API takes no more. */
export const longestHistory = 1_123;

/**
 * @param {{from: string|null, to: string|null, complete: boolean, held?: number, days?: number}|undefined} coverage - Of an answer.
 *     `held` of `days` days are held, where that is known.
 * @param {{from: string, to: string}} range - What was asked for.
 * @param {string} today
 * @param {(day: string) => string} write - Writes a day.
 * @returns {{text: string, wish: number|null}|null} What is missing, and how many days of history would bring it; `null` when
 *     no day is known to be missing.
 */
export function missingDays(coverage, range, today, write) {
    if (!coverage) return null;
    const wish = daysBetween(range.from, today);
    const loadable = wish > 0 && wish <= longestHistory ? wish : wish > 0 ? longestHistory : null;
    if (coverage.from === null) return { text: "None of these days are held.", wish: range.from < today ? loadable : null };
    if (coverage.from > range.from) return { text: `Days before ${write(coverage.from)} are not held.`, wish: loadable };
    if (coverage.to < range.to && coverage.to < today) return { text: `Days after ${write(coverage.to)} are not held yet.`, wish: null };
    if (coverage.held < coverage.days) return { text: `${coverage.held} of ${coverage.days} days are held.`, wish: null };
    return null;
}

/**
 * Whether results of the range are still to be read.
 *
 * @param {object|null} status - Of `GET /api/sync/status`.
 */
export function awaitsResults(coverage, range, today, status) {
    const missing = status?.parts?.adDays?.missing;
    if (missing) return missing.some(({ from, to }) => from <= range.to && to >= range.from);
    // A range with today in it is never complete.
    return coverage?.complete === false && range.to < today;
}

/** The first day of the range, before today, that was read before it was over; `null` when there is none, or nothing is known. */
export function firstUnfinished({ from, to, whole_to: wholeTo } = {}, range, today) {
    if (wholeTo === undefined || !from) return null;
    const first = wholeTo === null ? from : addDays(wholeTo, 1);
    return first <= to && first <= range.to && first < today ? first : null;
}

/** What there is to say below a table. @returns {string[]} */
export function heldInWords(coverage, range, today, status, { day, days }) {
    const { from, to } = coverage ?? {};
    if (!from) return [];
    const open = firstUnfinished(coverage, range, today);
    const isPart = from > range.from || (to < range.to && to < today);
    return [
        isPart ? `held: ${days({ from, to })}` : awaitsResults(coverage, range, today, status) ? "some results are still being read" : null,
        open && `not final from ${day(open)} on`,
    ].filter(Boolean);
}

/** Whether all days of a sum are held, as far as its ends tell. Today is never complete. */
export const isHeldWhole = ({ date_start: first, date_end: last, coverage }) =>
    Boolean(coverage?.complete || (coverage?.from === first && coverage.to === last));

/**
 * How far the history that somebody has asked for is read; `null` when all of it is, or it does not reach the day.
 *
 * @param {{history?: {days: number, from: string, held: number}}|null} status - Of `GET /api/sync/status`.
 * @param {string} day
 */
export function loadingHistory(status, day) {
    const { history, parts } = status ?? {};
    if (!history || history.held >= history.days || history.from > day || day > parts?.accountDays?.to) return null;
    return `Older days are being loaded: ${history.held} of ${history.days} days are held.`;
}
