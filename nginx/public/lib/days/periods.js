// Adds up the days of the overview and compares them with the days before.

import { addDays, dayOf, daysBetween } from "./days.js";
import { ratio } from "../tables/rows.js";
import { lookOf } from "../tables/tables.js";

/** The cards, and whether more is good (1), or is neither good nor bad (0). */
const cards = { spend: 0, impressions: 0, clicks: 1, ctr: 1, conversions: 1, roas: 1 };

/**
 * What the overview shows of an account's days.
 *
 * @param {import("../tables/tables.js").Field[]} fields - All fields.
 */
export function seriesOf(fields) {
    const own = fields.filter(({ levels, same_as: other }) => levels.includes("account") && !other);
    const byName = new Map(own.map((field) => [field.name, field]));
    const metrics = Object.entries(cards).filter(([name]) => byName.has(name))
        .map(([id, better]) => ({ id, label: byName.get(id).label, kind: lookOf(byName.get(id)), better }));
    const summed = own.filter(({ additive }) => additive).map(({ name }) => name);
    const ratios = own.filter(({ formula }) => formula);

    /** Whether a day is loaded. A day that is not loaded has no values. */
    const isHeld = (day) => summed.some((name) => day[name] !== null && day[name] !== undefined);

    const withRatios = (sums) => ({
        ...sums,
        ...Object.fromEntries(ratios.map(({ name, formula: { dividend, factor, divisor } }) => [name, ratio(sums[dividend], sums[divisor], factor)])),
    });

    /**
     * The sums of the loaded days. A sum is `null` if a value is unknown, or if no day is loaded. Ratios are computed from the
     * sums.
     *
     * @param {object[]} days - Rows of `GET /api/insights`.
     */
    function sum(days) {
        const held = days.filter(isHeld);
        const add = (name) => held.reduce((all, day) => (all === null || (day[name] ?? null) === null ? null : all + day[name]), held.length > 0 ? 0 : null);
        return withRatios(Object.fromEntries(summed.map((name) => [name, add(name)])));
    }

    /**
     * The sums of two ranges; `null` if a day of either is not loaded.
     *
     * @param {object[]} days - Rows of `GET /api/insights`.
     */
    function compared(days, { now, then }) {
        const sums = [now, then].map((range) => {
            const held = within(days, range).filter(isHeld);
            return held.length === daysBetween(range.from, range.to) ? sum(held) : null;
        });
        return sums.includes(null) ? null : { now: sums[0], then: sums[1] };
    }

    return { metrics, isHeld, withRatios, sum, compared };
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

/** The relative change: 0.25 for a quarter more. `null` if the old value is zero or unknown. */
export function change(now, then) {
    return now === null || then === null || !(then > 0) ? null : now / then - 1;
}
