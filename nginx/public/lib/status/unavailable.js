// Metrics that Facebook refuses to return for an account.

/**
 * @param {object|null} status - Response of `GET /api/sync/status`.
 * @param {string} level - `campaign`, `adset`, `ad`, `account_day` or `ad_day`.
 * @returns {Map<string, string>} The reason, by metric.
 */
export function unavailableMetrics(status, level) {
    const fields = (status?.unavailable ?? []).filter((field) => field.level === level);
    return new Map(fields.map(({ metric, reason }) => [metric, reason]));
}
