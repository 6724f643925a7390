// Describes how fresh an account's data is, and what to do if it is not.

import { explanation } from "../text/explanation.js";
import { duration } from "../text/format.js";

/**
 * @typedef {object} Freshness
 * @property {"fresh"|"syncing"|"stale"|"held"|"error"|"unknown"} state
 * @property {string} label - Short: "Synced 3 min ago".
 * @property {string|null} problem - One or two sentences: what is wrong and what to do.
 * @property {string|null} details - The technical part of the problem.
 * @property {boolean} needsReconnect - Only a new connection to Facebook helps.
 * @property {number|null} percent - Progress of a running sync.
 */

const phases = {
    waiting: "waiting in line",
    account: "reading the account",
    campaigns: "reading campaigns",
    adSets: "reading ad sets",
    ads: "reading ads",
    insights: "reading results",
    saving: "saving",
    history: "reading older days (current data is ready)",
};

/**
 * @param {object|null|undefined} status - Response of `GET /api/sync/status`.
 * @param {number} now - Milliseconds since 1970.
 * @param {(moment: string) => string} clock - Formats a time of day.
 * @param {object} [more]
 * @param {number|null} [more.shownAt] - When the server last confirmed the data on screen, on the server's clock.
 * @param {{text: string, details: string|null}} [more.connect] - What to do about a refused token.
 * @param {number|null} [more.readAt] - When the oldest data on screen was read; see `readAt`.
 * @param {number} [more.silence] - Milliseconds for which the server has not responded; 0 while it responds.
 * @returns {Freshness}
 */
export function freshness(status, now, clock, { shownAt = null, connect = reconnect(true), readAt = null, silence = 0 } = {}) {
    const fine = { problem: null, details: null, needsReconnect: false, percent: null };
    if (!status) return { ...fine, state: "unknown", label: "Loading status…" };
    const syncedAt = status.lastSyncedAt ? Date.parse(status.lastSyncedAt) : null;
    // One part may be older than the last sync, because Facebook did not return it.
    const dataAt = syncedAt === null ? null : Math.min(syncedAt, readAt ?? syncedAt);
    const problem = problemOf(status, now, clock, connect);
    if (silence >= longSilence) {
        return { ...fine, ...problem, state: "unknown", label: `No response · ${synced(dataAt, now).toLowerCase()}` };
    }
    if (status.syncStatus === "syncing") {
        const { phase, done, total, percent } = status.progress ?? {};
        const count = total > 0 && !["saving", "history"].includes(phase) ? ` (${done} of ${total})` : "";
        return { ...fine, state: "syncing", label: `Syncing: ${phases[phase] ?? "in progress"}${count}`, percent: percent ?? 0 };
    }
    // What is on screen may be older than the last sync.
    const isBehind = shownAt !== null && syncedAt !== null && shownAt < syncedAt - 1_000;
    const label = isBehind ? `Data from ${age(now - shownAt)}, newer data is loading` : synced(dataAt, now);
    if (status.hold === "RATE_LIMITED") return { ...fine, ...problem, state: "held", label };
    if (problem) return { ...fine, ...problem, state: "error", label };
    // The response is some time old, so data that was fresh may be stale now.
    const dueAt = status.nextSyncAt ? Date.parse(status.nextSyncAt) : Infinity;
    const isFresh = status.fresh && !isBehind && now < dueAt - (syncedAt - dataAt);
    return { ...fine, state: isFresh ? "fresh" : "stale", label };
}

/** Milliseconds after which a server without a response no longer counts as slow. */
const longSilence = 30_000;

/**
 * When the oldest of some parts of an account was read, in milliseconds since 1970; `null` if none was ever read.
 *
 * Syncs read totals and days of ads again only if the account's days have changed. Complete parts are therefore as fresh as
 * the account's days.
 *
 * @param {object|null} status - Response of `GET /api/sync/status`.
 * @param {string[]} names - Members of its `parts`.
 * @param {{from: string, to: string}} [range] - The days on screen.
 */
export function readAt(status, names, range) {
    const { accountDays, ...parts } = status?.parts ?? {};
    const moments = names.map((name) => {
        const part = name === "accountDays" ? accountDays : parts[name];
        if (!part?.syncedAt) return null;
        const read = Date.parse(part.syncedAt);
        const holds = accountDays?.syncedAt && holdsAsOf(accountDays, part, range);
        return holds ? Math.max(read, Date.parse(accountDays.syncedAt)) : read;
    }).filter((moment) => moment !== null);
    return moments.length > 0 ? Math.min(...moments) : null;
}

function holdsAsOf(accountDays, { error, to, missing, missingCampaigns }, range) {
    if (missing) return !missing.some((days) => !range || (days.from <= range.to && days.to >= range.from));
    return Boolean(missingCampaigns) && !error && to === accountDays.to;
}

const age = (milliseconds) => (milliseconds < 10_000 ? "just now" : `${duration(milliseconds / 1_000)} ago`);

/**
 * What to do about a token that Facebook refuses.
 *
 * @param {boolean} hasLogin - Whether Facebook Login is set up.
 * @param {string} [account] - With `act_`.
 * @returns {{text: string, details: string|null}}
 */
export function reconnect(hasLogin, account = "ACCOUNT") {
    if (hasLogin) return { text: "Reconnect the account.", details: null };
    return { text: "Ask your administrator to reconnect the account.", details: `Command: admirror account set-token ${account}` };
}

/**
 * Describes objects that Facebook does not list, or whose values cannot be read; `null` if there are none.
 *
 * @param {{listings?: Record<string, {unlisted: number|null, deletionsToConfirm: number|null}>, damagedObjects?: number}|null} status
 */
export function listingNotice(status) {
    const levels = [["campaigns", "campaign"], ["adSets", "ad set"], ["ads", "ad"]];
    const count = (name) => levels
        .map(([level, noun]) => [status?.listings?.[level]?.[name] ?? 0, noun])
        .filter(([count]) => count > 0)
        .map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`)
        .join(", ");
    const [gone, unlisted] = [count("deletionsToConfirm"), count("unlisted")];
    if (gone) return `Facebook no longer lists ${gone}. They stay visible until Facebook confirms that they are deleted.`;
    if (unlisted) return `Facebook's list was incomplete: ${unlisted} missing. The next sync requests them again.`;
    const damaged = status?.damagedObjects ?? 0;
    const objects = damaged === 1 ? "one object" : `${damaged} objects`;
    return damaged > 0 ? `Facebook returned unreadable values of ${objects}. The last good values are shown. The next sync requests them again.` : null;
}

/** "Synced 3 min ago" */
export function synced(moment, now) {
    if (!moment) return "Never synced";
    const seconds = (now - (typeof moment === "number" ? moment : Date.parse(moment))) / 1_000;
    return seconds < 10 ? "Synced just now" : `Synced ${duration(seconds)} ago`;
}

function problemOf({ hold, syncError, nextSyncAt, token }, now, clock, connect) {
    const next = nextSyncAt ? clock(nextSyncAt) : null;
    switch (hold) {
        case "RATE_LIMITED":
            return next
                ? plain(`Facebook's rate limit is reached. Syncing resumes at ${next}.`)
                : plain("Facebook's rate limit is reached. Syncing resumes automatically.");
        case "TOKEN_EXPIRED":
            return disconnected("Facebook no longer accepts this account's access.", connect);
        case "RETRY_LATER": {
            return failed(syncError, `Next try: ${next ?? "soon"}.`);
        }
        default:
            if (hasEnded(token?.expiresAt, now)) return disconnected("The access to Facebook has expired.", connect);
            return syncError ? failed(syncError, "Choose “Sync now” to retry.") : null;
    }
}

const plain = (problem) => ({ problem, details: null });

const disconnected = (what, { text, details }) =>
    ({ problem: `${what} ${text} Until then the data is not updated.`, details, needsReconnect: true });

function failed(error, next) {
    if (!error) return plain(`The last sync failed. ${next}`);
    const { summary, details } = explanation(sentence(error));
    return { problem: `The last sync failed: ${summary} ${next}`, details };
}

const hasEnded = (moment, now) => Boolean(moment) && Date.parse(moment) <= now;

function sentence(text) {
    const trimmed = text.trim();
    return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Milliseconds after which a list of accounts no longer says what is fresh. Open pages ask for it every five minutes. */
const listLifetime = 6 * 60_000;

/**
 * Describes a row of `GET /api/ad-accounts`. Only the server knows after how long data is stale.
 *
 * @param {number} [listedAt] - When the server returned the list.
 * @returns {{state: Freshness["state"], label: string}}
 */
export function accountFreshness(account, now, listedAt = now) {
    const label = account.sync_status === "syncing" ? "Syncing" : synced(account.last_synced_at, now);
    if (account.sync_status === "syncing") return { state: "syncing", label };
    if (isExpired(account, now)) return { state: "error", label: `${label} · access has expired` };
    if (account.hold === "RATE_LIMITED") return { state: "held", label: `${label} · rate limit reached` };
    if (account.sync_status === "error" || account.token_problem) return { state: "error", label: `${label} · error` };
    return { state: account.fresh && now - listedAt < listLifetime ? "fresh" : "stale", label };
}

/** Whether Facebook no longer accepts the account's token. */
export const isExpired = (account, now) => account.hold === "TOKEN_EXPIRED" || hasEnded(account.token_expires_at, now);

/**
 * The notice about an account's token; `null` if there is nothing to report.
 *
 * @returns {{isUrgent: boolean, text: string, details: string|null}|null}
 */
export function tokenNotice(account, now, day, connect = reconnect(true)) {
    const withAdvice = (text) => ({ isUrgent: true, text: `${text} ${connect.text}`, details: connect.details });
    if (account.token_problem) return withAdvice(sentence(String(account.token_problem)));
    if (isExpired(account, now)) return withAdvice("The access to Facebook has expired.");
    if (!account.token_expires_at) return null;
    const seconds = (Date.parse(account.token_expires_at) - now) / 1_000;
    if (Number.isNaN(seconds)) return null;
    const text = `The access to Facebook expires on ${day(account.token_expires_at)}, in ${duration(seconds)}.`;
    return seconds < 7 * 86_400 ? withAdvice(text) : { isUrgent: false, text, details: null };
}
