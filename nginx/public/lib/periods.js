// Adds up the days of the overview and compares them with the days before.

import { addDays, dayOf, daysBetween } from "./days.js";

/** `better`: 1 if more is good, 0 if more is neither good nor bad. */
export const metrics = [
    { id: "spend", label: "Spend", kind: "money", better: 0 },
    { id: "impressions", label: "Impressions", kind: "count", better: 0 },
    { id: "clicks", label: "Clicks", kind: "count", better: 1 },
    { id: "ctr", label: "CTR", kind: "percent", better: 1 },
    { id: "conversions", label: "Conversions", kind: "count", better: 1 },
    { id: "roas", label: "ROAS", kind: "times", better: 1 },
];

const summed = ["spend", "impressions", "clicks", "conversions", "conversion_value"];

/** Whether a day is loaded. A day that is not loaded has no values. */
export const isHeld = (day) => summed.some((name) => day[name] !== null && day[name] !== undefined);

/**
 * The sums of the loaded days. A sum is `null` if a value is unknown, or if no day is loaded. Ratios are computed from the sums.
 *
 * @param {object[]} days - Rows of `GET /api/insights`.
 */
export function sum(days) {
    const held = days.filter(isHeld);
    const add = (name) => held.reduce((all, day) => (all === null || (day[name] ?? null) === null ? null : all + day[name]), held.length > 0 ? 0 : null);
    return withRatios(Object.fromEntries(summed.map((name) => [name, add(name)])));
}

export function withRatios(sums) {
    const ratio = (above, below, factor = 1) => (below > 0 && (above ?? null) !== null ? (above / below) * factor : null);
    return { ...sums, ctr: ratio(sums.clicks, sums.impressions, 100), roas: ratio(sums.conversion_value, sums.spend) };
}

export const within = (days, { from, to }) => days.filter(({ date }) => date >= from && date <= to);

/** The same number of days right before a range. */
export function before({ from, to }) {
    const count = daysBetween(from, to);
    return { from: addDays(from, -count), to: addDays(from, -1) };
}

const trailing = ["7d", "30d", "90d"];

/** Milliseconds that may pass between reading days and storing them. Their recorded time is that of storing. */
const storing = 60_000;

/**
 * The first day that is not whole: a day is whole once it was read after it had ended. At the latest it is today.
 *
 * @param {number|null} readAt - When the account's days were last stored, in milliseconds since 1970; `null` for unknown.
 * @param {string} timeZone
 * @param {string} today
 */
export function firstOpenDay(readAt, timeZone, today) {
    const day = readAt === null ? today : dayOf(readAt - storing, timeZone);
    return day < today ? day : today;
}

/**
 * The days to compare, and the days before them. Unfinished days are excluded unless the reader includes them. The last seven
 * days then end with the last full day.
 *
 * @param {{preset: string|null, from: string, to: string}} range
 * @param {string} open - The first unfinished day: today, or an earlier one.
 * @param {boolean} includesOpen
 * @returns {{now: {from: string, to: string}, then: {from: string, to: string}, isWhole: boolean}|null} `null` for a range
 *     without a full day.
 */
export function comparison({ preset, from, to }, open, includesOpen) {
    const touchesOpen = to >= open;
    if (!touchesOpen || includesOpen) return { now: { from, to }, then: before({ from, to }), isWhole: !touchesOpen };
    const isTrailing = trailing.includes(preset);
    if (!isTrailing && from >= open) return null;
    const now = { from: isTrailing ? addDays(from, -daysBetween(open, to)) : from, to: addDays(open, -1) };
    return { now, then: before(now), isWhole: true };
}

/**
 * The sums of two ranges; `null` if a day of either is not loaded.
 *
 * @param {object[]} days - Rows of `GET /api/insights`.
 */
export function compared(days, { now, then }) {
    const sums = [now, then].map((range) => {
        const held = within(days, range).filter(isHeld);
        return held.length === daysBetween(range.from, range.to) ? sum(held) : null;
    });
    return sums.includes(null) ? null : { now: sums[0], then: sums[1] };
}

/** The relative change: 0.25 for a quarter more. `null` if the old value is zero or unknown. */
export function change(now, then) {
    return now === null || then === null || !(then > 0) ? null : now / then - 1;
}
