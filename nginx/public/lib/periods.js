// The overview: days added up to periods, each beside the one before.

import { addDays } from "./days.js";

export const periods = [
    { id: "today", label: "Today", days: 1, before: "yesterday, the whole day" },
    { id: "7d", label: "7 days", days: 7, before: "the 7 days before" },
    { id: "30d", label: "30 days", days: 30, before: "the 30 days before" },
];

/** `better`: whether more is good (1), or says nothing by itself (0). */
export const metrics = [
    { id: "spend", label: "Spend", kind: "money", better: 0 },
    { id: "impressions", label: "Impressions", kind: "count", better: 0 },
    { id: "clicks", label: "Clicks", kind: "count", better: 1 },
    { id: "ctr", label: "CTR", kind: "percent", better: 1 },
    { id: "conversions", label: "Conversions", kind: "count", better: 1 },
    { id: "roas", label: "ROAS", kind: "times", better: 1 },
];

/** Days that the API is asked for: the longest period, twice. */
export const daysNeeded = 60;

const summed = ["spend", "impressions", "clicks", "conversions", "conversion_value"];

/**
 * The sums of some days; ratios are made of the sums.
 *
 * @param {object[]} days - Rows of `GET /api/insights`.
 */
export function sum(days) {
    const sums = Object.fromEntries(summed.map((name) => [name, 0]));
    for (const day of days) for (const name of summed) sums[name] += day[name] ?? 0;
    return withRatios(sums);
}

export function withRatios(sums) {
    return {
        ...sums,
        ctr: sums.impressions > 0 ? (sums.clicks / sums.impressions) * 100 : null,
        roas: sums.spend > 0 ? sums.conversion_value / sums.spend : null,
    };
}

/**
 * A period that ends today, and the one before.
 *
 * @param {object[]} days - Rows of `GET /api/insights`.
 * @param {string} today
 * @param {number} count
 */
export function compare(days, today, count) {
    const start = addDays(today, 1 - count);
    const before = addDays(today, 1 - 2 * count);
    const now = days.filter(({ date }) => date >= start && date <= today);
    const then = days.filter(({ date }) => date >= before && date < start);
    return { now: sum(now), then: sum(then), days: now, daysBefore: then };
}

/** By what part something grew: 0.25 for a quarter more. `null` when there was nothing. */
export function change(now, then) {
    return now === null || then === null || !(then > 0) ? null : now / then - 1;
}
