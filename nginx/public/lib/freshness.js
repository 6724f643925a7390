// How fresh an account is, in words that say what to do.

import { duration } from "./format.js";

/**
 * @typedef {object} Freshness
 * @property {"fresh"|"syncing"|"stale"|"held"|"error"|"unknown"} state
 * @property {string} label - Short: "Synced 3 min ago".
 * @property {string|null} problem - A sentence or two on what is wrong and what to do.
 * @property {number|null} percent - Of a sync under way.
 */

const phases = {
    waiting: "waiting for its turn",
    account: "reading the account",
    campaigns: "reading campaigns",
    adSets: "reading ad sets",
    ads: "reading ads",
    insights: "reading results",
    saving: "saving",
    history: "reading older days; current data is there",
};

/**
 * @param {object|null|undefined} status - What `GET /api/sync/status` answered.
 * @param {number} now - Milliseconds since 1970.
 * @param {(moment: string) => string} clock - Writes a time of day.
 * @returns {Freshness}
 */
export function freshness(status, now, clock) {
    if (!status) return { state: "unknown", label: "Looking…", problem: null, percent: null };
    const problem = problemOf(status, clock);
    if (status.syncStatus === "syncing") {
        const { phase, done, total, percent } = status.progress ?? {};
        const count = total > 0 && !["saving", "history"].includes(phase) ? ` (${done} of ${total})` : "";
        return {
            state: "syncing",
            label: `Syncing: ${phases[phase] ?? "at work"}${count}`,
            problem: null,
            percent: percent ?? 0,
        };
    }
    const label = synced(status.lastSyncedAt, now);
    if (status.hold === "RATE_LIMITED") return { state: "held", label, problem, percent: null };
    if (problem) return { state: "error", label, problem, percent: null };
    return { state: status.fresh ? "fresh" : "stale", label, problem: null, percent: null };
}

/** "Synced 3 min ago" */
export function synced(lastSyncedAt, now) {
    if (!lastSyncedAt) return "Never synced";
    const seconds = (now - Date.parse(lastSyncedAt)) / 1_000;
    return seconds < 10 ? "Synced just now" : `Synced ${duration(seconds)} ago`;
}

function problemOf({ hold, syncError, nextSyncAt }, clock) {
    const next = nextSyncAt ? clock(nextSyncAt) : null;
    switch (hold) {
        case "RATE_LIMITED":
            return next
                ? `Facebook’s rate limit is reached. Syncs go on by themselves at ${next}; the data here stays readable.`
                : "Facebook’s rate limit is reached. Syncs go on by themselves; the data here stays readable.";
        case "TOKEN_EXPIRED":
            return "Facebook no longer accepts this account’s access. Connect the account again in the settings; until then the data here stays as it is.";
        case "RETRY_LATER": {
            const why = syncError ? `The last sync failed: ${sentence(syncError)}` : "The last sync failed.";
            return `${why} It is tried again${next ? ` at ${next}` : " soon"}; “Sync now” does not wait.`;
        }
        default:
            return syncError ? `The last sync failed: ${sentence(syncError)} “Sync now” tries again.` : null;
    }
}

function sentence(text) {
    const trimmed = text.trim();
    return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/**
 * What the freshness of a row of `GET /api/ad-accounts` is.
 *
 * @returns {{state: Freshness["state"], label: string}}
 */
export function accountFreshness(account, now, interval = 600) {
    const label = account.sync_status === "syncing" ? "Syncing" : synced(account.last_synced_at, now);
    if (account.sync_status === "syncing") return { state: "syncing", label };
    if (account.sync_status === "error" || account.token_problem) return { state: "error", label: `${label}, with an error` };
    const age = account.last_synced_at ? (now - Date.parse(account.last_synced_at)) / 1_000 : Infinity;
    return { state: age < interval ? "fresh" : "stale", label };
}

/**
 * What to tell of an account's token; `null` while all is well.
 *
 * @returns {{isUrgent: boolean, text: string}|null}
 */
export function tokenNotice(account, now, day) {
    if (account.token_problem) return { isUrgent: true, text: `${sentence(String(account.token_problem))} Connect the account again.` };
    if (!account.token_expires_at) return null;
    const seconds = (Date.parse(account.token_expires_at) - now) / 1_000;
    if (Number.isNaN(seconds)) return null;
    if (seconds <= 0) return { isUrgent: true, text: "Facebook’s access has expired. Connect the account again." };
    const text = `Facebook’s access ends on ${day(account.token_expires_at)}, in ${duration(seconds)}.`;
    return seconds < 7 * 86_400 ? { isUrgent: true, text: `${text} Connect the account again before.` } : { isUrgent: false, text };
}
