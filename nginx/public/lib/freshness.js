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
 * @param {object} [more]
 * @param {number|null} [more.shownAt] - When the server last confirmed the data on screen, on the server's clock.
 * @param {string|null} [more.connect] - What to do about a token that is refused.
 * @param {number|null} [more.readAt] - When the oldest data on screen was read; see `readAt`.
 * @param {number} [more.silence] - Milliseconds for which the server has not answered; 0 when it answers.
 * @returns {Freshness}
 */
export function freshness(status, now, clock, { shownAt = null, connect = reconnect(true), readAt = null, silence = 0 } = {}) {
    if (!status) return { state: "unknown", label: "Looking…", problem: null, percent: null };
    const syncedAt = status.lastSyncedAt ? Date.parse(status.lastSyncedAt) : null;
    // One part may be older than the last sync, because Facebook did not return it.
    const dataAt = syncedAt === null ? null : Math.min(syncedAt, readAt ?? syncedAt);
    const problem = problemOf(status, now, clock, connect);
    if (silence >= longSilence) {
        return { state: "unknown", label: `No response; ${synced(dataAt, now).toLowerCase()}`, problem, percent: null };
    }
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
    // What is on screen may be older than the last sync.
    const isBehind = shownAt !== null && syncedAt !== null && shownAt < syncedAt - 1_000;
    const label = isBehind ? `Data from ${age(now - shownAt)}; newer is loading` : synced(dataAt, now);
    if (status.hold === "RATE_LIMITED") return { state: "held", label, problem, percent: null };
    if (problem) return { state: "error", label, problem, percent: null };
    // The answer is from some time ago: what was fresh then need not be fresh now.
    const dueAt = status.nextSyncAt ? Date.parse(status.nextSyncAt) : Infinity;
    const isFresh = status.fresh && !isBehind && now < dueAt - (syncedAt - dataAt);
    return { state: isFresh ? "fresh" : "stale", label, problem: null, percent: null };
}

/** Milliseconds after which a server that does not answer is not taken for a slow one. */
const longSilence = 30_000;

/**
 * When the oldest of some parts of an account was read, in milliseconds since 1970; `null` when none ever was.
 *
 * Syncs read totals and days of ads again only when the account's days are other than before. So parts that miss nothing hold
 * as of the last reading of the account's days.
 *
 * @param {object|null} status - Of `GET /api/sync/status`.
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
 * @param {boolean} hasLogin - Accounts can be connected through Facebook Login.
 * @param {string} [account] - With `act_`.
 */
export function reconnect(hasLogin, account = "ACCOUNT") {
    return hasLogin ? "Connect the account again." : `Connect the account again: run “admirror account set-token ${account}” on the server.`;
}

/**
 * What is not certain about the objects; `null` when Facebook lists all of them, with values that can be read.
 *
 * @param {{listings?: Record<string, {unlisted: number|null, deletionsToConfirm: number|null}>, damagedObjects?: number}|null} status
 */
export function listingNotice(status) {
    const levels = [["campaigns", "campaign"], ["adSets", "ad set"], ["ads", "ad"]];
    const inWords = (name) => levels
        .map(([level, noun]) => [status?.listings?.[level]?.[name] ?? 0, noun])
        .filter(([count]) => count > 0)
        .map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`)
        .join(", ");
    const [gone, unlisted] = [inWords("deletionsToConfirm"), inWords("unlisted")];
    if (gone) return `A mass deletion is being confirmed: Facebook no longer lists ${gone}. They stay as they are until Facebook confirms that they are deleted.`;
    if (unlisted) return `Facebook has not listed everything: ${unlisted} are missing here. The next sync asks for them again.`;
    const damaged = status?.damagedObjects ?? 0;
    const objects = damaged === 1 ? "one object" : `${damaged} objects`;
    return damaged > 0 ? `Facebook returned values of ${objects} that cannot be read. The last good values are shown; the next sync asks for them again.` : null;
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
                ? `Facebook’s rate limit is reached. Syncs go on by themselves at ${next}; the data here stays readable.`
                : "Facebook’s rate limit is reached. Syncs go on by themselves; the data here stays readable.";
        case "TOKEN_EXPIRED":
            return `Facebook no longer accepts this account’s access. ${connect} Until then the data here stays as it is.`;
        case "RETRY_LATER": {
            const why = syncError ? `The last sync failed: ${sentence(syncError)}` : "The last sync failed.";
            return `${why} It is tried again${next ? ` at ${next}` : " soon"}; “Sync now” does not wait.`;
        }
        default:
            if (hasEnded(token?.expiresAt, now)) return `Facebook’s access has expired. ${connect} Until then the data here stays as it is.`;
            return syncError ? `The last sync failed: ${sentence(syncError)} “Sync now” tries again.` : null;
    }
}

const hasEnded = (moment, now) => Boolean(moment) && Date.parse(moment) <= now;

function sentence(text) {
    const trimmed = text.trim();
    return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Milliseconds after which a list of accounts no longer says what is fresh. Open pages ask for it every five minutes. */
const listStands = 6 * 60_000;

/**
 * What the freshness of a row of `GET /api/ad-accounts` is.
 *
 * @param {number} [listedAt] - When the server returned the list.
 * @returns {{state: Freshness["state"], label: string}}
 */
export function accountFreshness(account, now, listedAt = now) {
    const label = account.sync_status === "syncing" ? "Syncing" : synced(account.last_synced_at, now);
    if (account.sync_status === "syncing") return { state: "syncing", label };
    if (isExpired(account, now)) return { state: "error", label: `${label}, with an error: access has expired` };
    if (account.hold === "RATE_LIMITED") return { state: "held", label: `${label}; held off by Facebook` };
    if (account.sync_status === "error" || account.token_problem) return { state: "error", label: `${label}, with an error` };
    return { state: account.fresh && now - listedAt < listStands ? "fresh" : "stale", label };
}

/** Facebook takes the account's token no more. */
export const isExpired = (account, now) => account.hold === "TOKEN_EXPIRED" || hasEnded(account.token_expires_at, now);

/**
 * What to tell of an account's token; `null` while all is well.
 *
 * @returns {{isUrgent: boolean, text: string}|null}
 */
export function tokenNotice(account, now, day, connect = reconnect(true)) {
    if (account.token_problem) return { isUrgent: true, text: `${sentence(String(account.token_problem))} ${connect}` };
    if (isExpired(account, now)) return { isUrgent: true, text: `Facebook’s access has expired. ${connect}` };
    if (!account.token_expires_at) return null;
    const seconds = (Date.parse(account.token_expires_at) - now) / 1_000;
    if (Number.isNaN(seconds)) return null;
    const text = `Facebook’s access ends on ${day(account.token_expires_at)}, in ${duration(seconds)}.`;
    return seconds < 7 * 86_400 ? { isUrgent: true, text: `${text} Connect it again before that day.` } : { isUrgent: false, text };
}
