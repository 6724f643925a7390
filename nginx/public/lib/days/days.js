// Days as `YYYY-MM-DD`, and ranges of them. An account's days are in its own time zone.

const dayLength = 86_400_000;

/** Formatters by time zone. Each is created once, because that takes longer than formatting. */
const formatters = new Map();

/**
 * @param {number} moment - Milliseconds since 1970.
 * @param {string} [timeZone] - UTC replaces a time zone that the browser does not know.
 */
export function dayOf(moment, timeZone = "UTC") {
    if (!formatters.has(timeZone)) formatters.set(timeZone, formatter(timeZone));
    return formatters.get(timeZone).format(moment);
}

function formatter(timeZone) {
    const options = { timeZone, year: "numeric", month: "2-digit", day: "2-digit" };
    try {
        return new Intl.DateTimeFormat("en-CA", options);
    } catch {
        return formatter("UTC");
    }
}

export function addDays(day, count) {
    return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayLength).toISOString().slice(0, 10);
}

/** Number of days from one day to another, both included. */
export function daysBetween(from, to) {
    return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayLength) + 1;
}

export function isDay(text) {
    if (!/^\d{4}-\d\d-\d\d$/.test(text ?? "")) return false;
    const time = Date.parse(`${text}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The choices. `30d` is Facebook's own figure for the last 30 days, which includes reach. */
export const presets = [
    { id: "today", label: "Today" },
    { id: "yesterday", label: "Yesterday" },
    { id: "7d", label: "Last 7 days" },
    { id: "30d", label: "Last 30 days" },
    { id: "month", label: "This month" },
    { id: "last-month", label: "Last month" },
    { id: "90d", label: "Last 90 days" },
];

const firstOfMonth = (day) => `${day.slice(0, 8)}01`;

/**
 * The first and last day of a preset.
 *
 * @param {string} id
 * @param {string} today
 * @returns {{from: string, to: string}|null}
 */
export function presetDays(id, today) {
    switch (id) {
        case "today":
            return { from: today, to: today };
        case "yesterday":
            return { from: addDays(today, -1), to: addDays(today, -1) };
        case "7d":
            return { from: addDays(today, -6), to: today };
        case "30d":
            return { from: addDays(today, -29), to: today };
        case "90d":
            return { from: addDays(today, -89), to: today };
        case "month":
            return { from: firstOfMonth(today), to: today };
        case "last-month": {
            const to = addDays(firstOfMonth(today), -1);
            return { from: firstOfMonth(to), to };
        }
        default:
            return null;
    }
}

/**
 * The range of an address: `range=7d`, or `from` and `to`, or the last 30 days.
 *
 * @param {Record<string, string>} params
 * @param {string} today
 * @returns {{preset: string|null, from: string, to: string, query: {from?: string, to?: string}}} `query` has the parameters
 *     of the API.
 */
export function rangeOf(params, today) {
    if (isDay(params.from) && isDay(params.to)) {
        const { from, to } = params.from <= params.to ? params : { from: params.to, to: params.from };
        return { preset: null, from, to, query: { from, to } };
    }
    const named = presetDays(params.range, today);
    const preset = named && params.range !== "30d" ? params.range : "30d";
    const days = presetDays(preset, today);
    return { preset, ...days, query: preset === "30d" ? {} : days };
}
