// Describes which days of a range are loaded.

import { addDays, daysBetween } from "./days.js";

/**
 * @param {{from: string|null, to: string|null, complete: boolean, held?: number, days?: number}|undefined} coverage - The
 *     response's `coverage`; `held` of `days` days are loaded, if that is known.
 * @param {{from: string, to: string}} range - The requested days.
 * @param {string} today
 * @param {(day: string) => string} write - Formats a day.
 * @param {number} [longest] - Days that Facebook keeps, today included. If it is unknown, no days can be loaded.
 * @returns {{text: string, request: number|null}|null} What is missing, and the length of history to request for it; `null` if no
 *     day is known to be missing.
 */
export function missingDays(coverage, range, today, write, longest) {
    if (!coverage) return null;
    if (range.from > today) return { text: "These days are in the future.", request: null };
    const length = daysBetween(range.from, today);
    const loadable = length > 0 && longest ? Math.min(length, longest) : null;
    if (coverage.from === null) return { text: "None of these days are loaded.", request: range.from < today ? loadable : null };
    if (coverage.from > range.from) return { text: `Days before ${write(coverage.from)} are not loaded.`, request: loadable };
    if (coverage.to < range.to && coverage.to < today) return { text: `Days after ${write(coverage.to)} are not loaded yet.`, request: null };
    if (coverage.held < coverage.days) return { text: `${coverage.held} of ${coverage.days} days are loaded.`, request: null };
    return null;
}

/**
 * Whether results of the range are still loading.
 *
 * @param {object|null} status - Response of `GET /api/sync/status`.
 */
export function awaitsResults(coverage, range, today, status) {
    const missing = status?.parts?.adDays?.missing;
    if (missing) return missing.some(({ from, to }) => from <= range.to && to >= range.from);
    // A range that includes today is never complete.
    return coverage?.complete === false && range.to < today;
}

/** The first day of the range, before today, that was read before it was over; `null` if there is none, or if it is unknown. */
export function firstUnfinished({ from, to, whole_to: wholeTo } = {}, range, today) {
    if (wholeTo === undefined || !from) return null;
    const first = wholeTo === null ? from : addDays(wholeTo, 1);
    return first <= to && first <= range.to && first < today ? first : null;
}

/** Notes about the coverage for the line below a table. @returns {string[]} */
export function heldInWords(coverage, range, today, status, { day, days }) {
    const { from, to } = coverage ?? {};
    if (!from) return [];
    const open = firstUnfinished(coverage, range, today);
    const isPart = from > range.from || (to < range.to && to < today);
    return [
        isPart ? `loaded: ${days({ from, to })}` : awaitsResults(coverage, range, today, status) ? "some results are still loading" : null,
        open && `not final since ${day(open)}`,
    ].filter(Boolean);
}

/** Whether all days of a sum are loaded, judged by the first and last day. Today is never complete. */
export const isHeldWhole = ({ date_start: first, date_end: last, coverage }) =>
    Boolean(coverage?.complete || (coverage?.from === first && coverage.to === last));

/**
 * Describes the progress of older days that are loading; `null` when all are loaded, or when they do not include the day.
 *
 * @param {{history?: {days: number, from: string, held: number}}|null} status - Response of `GET /api/sync/status`.
 * @param {string} day
 */
export function loadingHistory(status, day) {
    const { history, parts } = status ?? {};
    if (!history || history.held >= history.days || history.from > day || day > parts?.accountDays?.to) return null;
    return `Loading older days: ${history.held} of ${history.days} days loaded.`;
}
