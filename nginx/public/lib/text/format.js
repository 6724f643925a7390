// Formats numbers, money and times in the reader's language.

const missing = "–";

/**
 * @param {object} options
 * @param {string|readonly string[]} [options.locale] - The reader's language.
 * @param {string|null} [options.currency] - The account's currency. Without one, money is a plain number.
 */
export function formats({ locale, currency = null } = {}) {
    // Formatters are created on first use, because creating one takes a millisecond.
    const number = (options) => {
        let format;
        return (value) => {
            if (value === null || value === undefined) return missing;
            format ??= new Intl.NumberFormat(locale, options);
            return format.format(value);
        };
    };
    const decimals = (count) => ({ minimumFractionDigits: count, maximumFractionDigits: count });
    const isCurrency = /^[A-Z]{3}$/i.test(currency ?? "");
    const inCurrency = (options, otherwise) => number(isCurrency ? { style: "currency", currency, ...options } : otherwise);
    const narrow = { currencyDisplay: "narrowSymbol" };
    const dateTime = (options) => {
        let format;
        return (value) => {
            if (!value) return missing;
            format ??= new Intl.DateTimeFormat(locale, options);
            return format.format(new Date(value));
        };
    };
    const wholeDay = { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" };
    const ratio = number(decimals(2));
    let range;
    const percent = number({ style: "percent", ...decimals(2) });
    return {
        count: number({ maximumFractionDigits: 2 }),
        money: inCurrency(narrow, decimals(2)),
        /** For axes and narrow cards. */
        shortMoney: inCurrency({ ...narrow, notation: "compact", maximumFractionDigits: 1 }, { notation: "compact" }),
        shortCount: number({ notation: "compact", maximumFractionDigits: 1 }),
        /** Formats a number that is already in percent. */
        percent: (value) => (value === null || value === undefined ? missing : percent(value / 100)),
        ratio,
        times: (value) => (value === null || value === undefined ? missing : `${ratio(value)}×`),
        change: number({ style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 1 }),
        /** Formats a day, independent of the reader's time zone. */
        day: dateTime(wholeDay),
        days: ({ from, to }) => {
            range ??= new Intl.DateTimeFormat(locale, wholeDay);
            return range.formatRange(new Date(from), new Date(to));
        },
        shortDay: dateTime({ timeZone: "UTC", month: "short", day: "numeric" }),
        weekday: dateTime({ timeZone: "UTC", weekday: "short", month: "short", day: "numeric" }),
        moment: dateTime({ dateStyle: "medium", timeStyle: "short" }),
        clock: dateTime({ hour: "numeric", minute: "2-digit" }),
        compare: new Intl.Collator(locale, { sensitivity: "base", numeric: true }).compare,
        missing,
    };
}

/** Formats seconds as `3 min`. */
export function duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole} s`;
    if (whole < 3_600) return `${Math.round(whole / 60)} min`;
    if (whole < 36 * 3_600) return `${Math.round(whole / 3_600)} h`;
    return `${Math.round(whole / 86_400)} days`;
}

/** Formats `CAMPAIGN_PAUSED` as `Campaign paused`. */
export function words(code) {
    if (!code) return missing;
    if (code === "NO_DELIVERY") return "No delivery for 24 hours";
    const text = String(code).replaceAll("_", " ").toLowerCase().replace("adset", "ad set");
    return text[0].toUpperCase() + text.slice(1);
}

/** A list of issues or of reasons in one line. */
export const sentences = (list) => (list ?? []).map(({ summary, reason, message }) => [summary ?? reason, message].filter(Boolean).join(": ")).join("; ");

/** Right-to-left letters, and characters that change the direction of the text after them. */
const turning = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802\ud803\ud83a\ud83b]/;

/** Isolates the direction of a name inside a text without elements, such as a tooltip. */
export const isolated = (name) => (turning.test(name) ? `\u2068${name}\u2069` : name);
