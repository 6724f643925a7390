// The notes below the overview's title, and the legend of its chart: which days the numbers cover and compare.

import { addDays, daysBetween, presets } from "../../lib/days/days.js";

/**
 * "Last 7 days, including today so far"
 *
 * @param {{preset: string|null, from: string, to: string}} range
 * @param {string} today
 * @param {{days: (range: object) => string}} formats
 */
export function describeRange(range, today, { days }) {
    if (range.preset === "today") return "Today so far";
    const label = presets.find(({ id }) => id === range.preset)?.label ?? days(range);
    if (range.from > today) return `${label}, in the future`;
    return range.to >= today ? `${label}, including today so far` : label;
}

/**
 * "vs previous 7 days"; `null` for a range in the future.
 *
 * @param {ReturnType<import("../../lib/days/periods.js").comparison>} pair
 * @param {string} open - The first day that is not whole.
 */
export function describeComparison(pair, range, open, today, { day, days }) {
    const isToday = open === today;
    if (range.from > today) return null;
    if (!pair) return isToday ? "not compared until the day is over" : `days since ${day(open)} are not compared: they were last read before they were over`;
    if (pair.now.to !== range.to) return `changes compare full days: ${days(pair.now)} vs ${days(pair.then)}`;
    const count = daysBetween(pair.now.from, pair.now.to);
    const previous = count === 1 ? "vs previous day" : `vs previous ${count} days`;
    return pair.isWhole || isToday ? previous : `${previous} (${day(open)} was last read before it was over)`;
}

/**
 * Which days of the range are loaded, judged by the days of a response, which may have more days than the range.
 *
 * @param {string[]} held - The loaded days of the range, in order.
 */
export function coverageOf(held, range, today) {
    // Before the first sync after midnight, nothing of today can be loaded.
    const last = range.to < today ? range.to : held.at(-1) === today ? today : addDays(today, -1);
    const days = Math.max(0, daysBetween(range.from, last));
    return { from: held[0] ?? null, to: held.at(-1) ?? null, complete: held.length >= days, held: held.length, days };
}

/** "loaded: 9 of 10 days"; `null` if all or no days are loaded. */
export function loadedDays(coverage, { days }) {
    if (!coverage?.from || coverage.complete) return null;
    const isWithout = coverage.held < daysBetween(coverage.from, coverage.to);
    return `loaded: ${isWithout ? `${coverage.held} of ${coverage.days} days` : days(coverage)}`;
}

/** What the legend says of days that are not whole: they will grow. */
export function openLabel(open, today, { day }) {
    return open === today ? "today so far" : `not final since ${day(open)}`;
}
