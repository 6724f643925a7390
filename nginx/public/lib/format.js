// Numbers, money and times in the reader's own language.

const missing = "–";

/**
 * @param {object} options
 * @param {string|readonly string[]} [options.locale] - The reader's.
 * @param {string|null} [options.currency] - The account's; plain numbers without one.
 */
export function formats({ locale, currency = null } = {}) {
    const number = (options) => {
        const format = new Intl.NumberFormat(locale, options);
        return (value) => (value === null || value === undefined ? missing : format.format(value));
    };
    const decimals = (count) => ({ minimumFractionDigits: count, maximumFractionDigits: count });
    const inCurrency = (options, otherwise) => {
        if (!currency) return number(otherwise);
        try {
            return number({ style: "currency", currency, ...options });
        } catch {
            return number(otherwise);
        }
    };
    const narrow = { currencyDisplay: "narrowSymbol" };
    const dateTime = (options) => {
        const format = new Intl.DateTimeFormat(locale, options);
        return (value) => (value ? format.format(new Date(value)) : missing);
    };
    const range = new Intl.DateTimeFormat(locale, { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" });
    const percent = number({ style: "percent", ...decimals(2) });
    return {
        count: number({ maximumFractionDigits: 2 }),
        money: inCurrency(narrow, decimals(2)),
        /** For axes and narrow cards. */
        shortMoney: inCurrency({ ...narrow, notation: "compact", maximumFractionDigits: 1 }, { notation: "compact" }),
        shortCount: number({ notation: "compact", maximumFractionDigits: 1 }),
        /** Of a number that is in percent already. */
        percent: (value) => (value === null || value === undefined ? missing : percent(value / 100)),
        ratio: number(decimals(2)),
        times: (value) => (value === null || value === undefined ? missing : `${number(decimals(2))(value)}×`),
        change: number({ style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 1 }),
        /** Of a day, whatever the reader's own time zone is. */
        day: dateTime({ timeZone: "UTC", year: "numeric", month: "short", day: "numeric" }),
        days: ({ from, to }) => range.formatRange(new Date(from), new Date(to)),
        shortDay: dateTime({ timeZone: "UTC", month: "short", day: "numeric" }),
        weekday: dateTime({ timeZone: "UTC", weekday: "short", month: "short", day: "numeric" }),
        moment: dateTime({ dateStyle: "medium", timeStyle: "short" }),
        clock: dateTime({ hour: "numeric", minute: "2-digit" }),
        compare: new Intl.Collator(locale, { sensitivity: "base", numeric: true }).compare,
        missing,
    };
}

/** `3 min`; of seconds that have passed or will. */
export function duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole} s`;
    if (whole < 3_600) return `${Math.round(whole / 60)} min`;
    if (whole < 36 * 3_600) return `${Math.round(whole / 3_600)} h`;
    return `${Math.round(whole / 86_400)} days`;
}

/** `CAMPAIGN_PAUSED` as `Campaign paused`. */
export function words(code) {
    if (!code) return missing;
    const text = String(code).replaceAll("_", " ").toLowerCase().replace("adset", "ad set");
    return text[0].toUpperCase() + text.slice(1);
}
