import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, formats, isolated, words } from "../../nginx/public/lib/text/format.js";
import { explanation } from "../../nginx/public/lib/text/explanation.js";
import { accountFreshness, freshness, listingNotice, readAt, reconnect, synced, tokenNotice } from "../../nginx/public/lib/status/freshness.js";
import { Preferences } from "../../nginx/public/lib/page/preferences.js";

const now = Date.parse("2026-03-10T12:00:00Z");
const clock = (moment) => moment.slice(11, 16);
const idle = { syncStatus: "idle", lastSyncedAt: "2026-03-10T11:57:00Z", syncError: null, fresh: true, nextSyncAt: "2026-03-10T12:07:00Z", hold: null, progress: null };

test("money is in the account's currency and the reader's language", () => {
    assert.equal(formats({ locale: "en-US", currency: "USD" }).money(1234.5), "$1,234.50");
    assert.equal(formats({ locale: "de-DE", currency: "EUR" }).money(1234.5).replace(/\s/g, " "), "1.234,50 €");
    assert.equal(formats({ locale: "ja-JP", currency: "JPY" }).money(1234), "￥1,234");
    assert.equal(formats({ locale: "en-US" }).money(1234.5), "1,234.50");
    assert.equal(formats({ locale: "en-US", currency: "not one" }).money(1), "1.00");
});

test("a missing value is a dash, and zero is zero", () => {
    const { count, money, percent, times, change, moment, missing } = formats({ locale: "en-US", currency: "USD" });
    assert.deepEqual([count(null), money(undefined), percent(null), times(null), moment(null)], Array(5).fill(missing));
    assert.deepEqual([count(0), percent(1.9403), times(0.728), change(-0.112), change(0)], ["0", "1.94%", "0.73×", "-11.2%", "0%"]);
});

test("days do not depend on the reader's time zone", () => {
    assert.equal(formats({ locale: "en-US" }).day("2026-03-01"), "Mar 1, 2026");
});

test("durations and codes are written in words", () => {
    assert.deepEqual([0, 59, 60, 3_599, 7_200, 200_000].map(duration), ["0 s", "59 s", "1 min", "60 min", "2 h", "2 days"]);
    assert.deepEqual(["CAMPAIGN_PAUSED", "ADSET_PAUSED", null].map(words), ["Campaign paused", "Ad set paused", "–"]);
});

const fine = { problem: null, details: null, needsReconnect: false, percent: null };

test("a fresh account shows only its age", () => {
    assert.deepEqual(freshness(idle, now, clock), { ...fine, state: "fresh", label: "Synced 3 min ago" });
    assert.equal(freshness({ ...idle, fresh: false }, now, clock).state, "stale");
    assert.equal(freshness(null, now, clock).state, "unknown");
    assert.equal(synced(null, now), "Never synced");
    assert.equal(synced("2026-03-10T11:59:55Z", now), "Synced just now");
});

test("a running sync shows its phase", () => {
    const syncing = { ...idle, syncStatus: "syncing", syncError: "old", progress: { phase: "ads", done: 500, total: 5_000, percent: 41 } };
    assert.deepEqual(freshness(syncing, now, clock), { ...fine, state: "syncing", label: "Syncing: reading ads (500 of 5000)", percent: 41 });
    const odd = { ...syncing, progress: { phase: "new one", done: 0, total: 0, percent: 0 } };
    assert.equal(freshness(odd, now, clock).label, "Syncing: in progress");
});

test("each hold shows when it ends or what to do", () => {
    const held = (hold, more = {}) => freshness({ ...idle, hold, ...more }, now, clock);
    assert.match(held("RATE_LIMITED").problem, /^Facebook's rate limit is reached\. Syncing resumes at 12:07\.$/);
    assert.equal(held("RATE_LIMITED").state, "held");
    assert.match(held("TOKEN_EXPIRED", { nextSyncAt: null }).problem, /Reconnect the account\. Until then the data is not updated\.$/);
    assert.deepEqual([held("TOKEN_EXPIRED").needsReconnect, held("RATE_LIMITED").needsReconnect], [true, false]);
    assert.equal(held("RETRY_LATER", { syncError: "ads_read is missing" }).problem, "The last sync failed: ads_read is missing. Next try: 12:07.");
    assert.match(freshness({ ...idle, syncStatus: "error", syncError: "It broke." }, now, clock).problem, /failed: It broke\. Choose “Sync now” to retry\.$/);
});

test("the age is that of the data on screen, not of the last sync", () => {
    const at = (moment) => freshness(idle, now, clock, { shownAt: Date.parse(moment) });
    assert.deepEqual(at("2026-03-10T11:58:00Z").label, "Synced 3 min ago");
    const { state, label } = at("2026-03-10T11:55:00Z");
    assert.deepEqual([state, label], ["stale", "Data from 5 min ago, newer data is loading"]);
});

test("the dot is not green once the next sync is due, or while the server does not respond", () => {
    assert.equal(freshness(idle, Date.parse("2026-03-10T12:06:59Z"), clock).state, "fresh");
    assert.equal(freshness(idle, Date.parse("2026-03-10T12:07:01Z"), clock).state, "stale");
    assert.equal(freshness(idle, now, clock, { silence: 10_000 }).state, "fresh", "one answer late is none missing");
    const { state, label } = freshness(idle, now, clock, { silence: 60_000 });
    assert.deepEqual([state, label], ["unknown", "No response · synced 3 min ago"]);
    const syncing = { ...idle, syncStatus: "syncing", progress: { phase: "ads", done: 1, total: 2, percent: 41 } };
    assert.equal(freshness(syncing, now, clock, { silence: 60_000 }).percent, null);
});

test("the age is that of the oldest part on screen", () => {
    const [at, before] = ["2026-03-10T11:57:00Z", "2026-03-10T08:00:00Z"];
    const parts = {
        ads: { syncedAt: at, error: null },
        adTotals: { syncedAt: before, error: "Facebook failed.", to: "2026-03-10", missingCampaigns: [] },
        accountDays: { syncedAt: at, error: null, from: "2025-12-11", to: "2026-03-10" },
        adDays: { syncedAt: before, error: null, missing: [] },
    };
    const of = (change, names = ["ads", "adTotals"], range = undefined) => readAt({ ...idle, parts: { ...parts, ...change } }, names, range);
    assert.equal(of({}), Date.parse(before));
    const { state, label } = freshness(idle, now, clock, { readAt: of({}) });
    assert.deepEqual([state, label], ["stale", "Synced 4 h ago"]);
    // The account's days are unchanged, so nothing had to be read again.
    assert.equal(of({ adTotals: { ...parts.adTotals, error: null } }), Date.parse(at));
    assert.equal(of({ adTotals: { ...parts.adTotals, error: null, to: "2026-03-09" } }), Date.parse(before), "totals of other days");
    const missing = [{ from: "2026-03-08", to: "2026-03-09", state: "unread" }];
    const days = (from, to) => of({ adDays: { ...parts.adDays, missing } }, ["ads", "adDays"], { from, to });
    assert.equal(of({}, ["ads", "adDays"]), Date.parse(at));
    assert.equal(days("2026-03-09", "2026-03-10"), Date.parse(before));
    assert.equal(days("2026-03-10", "2026-03-10"), Date.parse(at));
    assert.equal(of({ ads: { syncedAt: null, error: null } }, ["ads"]), null);
    assert.equal(readAt(null, ["ads"]), null);
});

test("objects that Facebook does not list are reported, unconfirmed deletions first", () => {
    const of = (unlisted, deletionsToConfirm) => listingNotice({ listings: {
        campaigns: { complete: true, unlisted: 0, deletionsToConfirm: null }, ads: { complete: false, unlisted, deletionsToConfirm },
    } });
    assert.match(of(102, 0), /list was incomplete: 102 ads missing/);
    assert.match(of(1, 633), /^Facebook no longer lists 633 ads\. They stay visible until/);
    assert.deepEqual([of(0, 0), listingNotice(null), listingNotice({})], [null, null, null]);
    assert.match(listingNotice({ damagedObjects: 1 }), /unreadable values of one object\. The last good values/);
    assert.match(listingNotice({ damagedObjects: 3 }), /unreadable values of 3 objects/);
    assert.equal(listingNotice({ damagedObjects: 0 }), null);
});

test("an expired token is an error, and the advice depends on how accounts are connected", () => {
    const ended = { ...idle, token: { expiresAt: "2026-03-10T11:59:00Z" } };
    assert.equal(freshness(ended, now, clock).state, "error");
    assert.match(freshness(ended, now, clock).problem, /has expired\. Reconnect the account\./);
    const { problem, details } = freshness(ended, now, clock, { connect: reconnect(false, "act_1") });
    assert.match(problem, /has expired\. Ask your administrator/);
    assert.doesNotMatch(problem, /admirror/);
    assert.match(details, /admirror account set-token act_1/);
    assert.equal(freshness({ ...idle, token: { expiresAt: "2026-03-10T12:01:00Z" } }, now, clock).state, "fresh");
});

test("names keep their direction where no element can hold them", () => {
    assert.equal(isolated("Shoes, 10 €"), "Shoes, 10 €");
    for (const name of ["\u202egnirts", "مرحبا", "שלום 1"]) assert.equal(isolated(name), `\u2068${name}\u2069`);
});

test("codes, paths and commands are details; what the reader can do is not", () => {
    const expired = "Facebook no longer accepts the access token: it has expired, at act_1/ads: Session has expired. Log in. (code 190, trace A). "
        + "Connect the account again on the Settings page, or set another token with `admirror account set-token`.";
    assert.deepEqual(explanation(expired), {
        summary: "Facebook no longer accepts the access token: it has expired. Connect the account again on the Settings page.", details: expired,
    });
    const both = "Ads could not be read. Facebook cannot be reached, at act_1/ads: no route. Syncs try again. "
        + "Totals could not be read. Facebook refused a request, at act_1/insights: (#100) No field a.b (code 100). Facebook explains: Too old. Call less.";
    assert.equal(explanation(both).summary, "Ads could not be read. Facebook cannot be reached. Syncs try again. "
        + "Totals could not be read. Facebook refused a request. Facebook explains: Too old. Call less.");
    assert.deepEqual(explanation("Ask an owner for the role, or run `admirror access grant EMAIL ACCOUNT --role owner`.").summary, "Ask an owner for the role.");
    assert.equal(explanation("The database is down. Try again after Retry-After; see `admirror doctor`.").summary, "The database is down.");
    assert.equal(explanation("The service is not responding. Try again after Retry-After. Administrators: run admirror doctor.").summary, "The service is not responding.");
    assert.deepEqual(explanation("Choose an account."), { summary: "Choose an account.", details: null });
    assert.deepEqual(explanation("Run `admirror migrate`."), { summary: "Run `admirror migrate`.", details: null }, "better than nothing");
});

test("an account in the list has its own label, and the server decides what is fresh", () => {
    const row = { sync_status: "idle", last_synced_at: "2026-03-10T11:57:00Z", fresh: true };
    assert.deepEqual(accountFreshness(row, now), { state: "fresh", label: "Synced 3 min ago" });
    // The server knows the interval.
    assert.equal(accountFreshness({ ...row, last_synced_at: "2026-03-10T08:00:00Z" }, now).state, "fresh");
    assert.equal(accountFreshness({ ...row, fresh: false }, now).state, "stale");
    assert.equal(accountFreshness(row, now, now - 10 * 60_000).state, "stale", "a list from long ago");
    assert.equal(accountFreshness({ ...row, sync_status: "error" }, now).state, "error");
    assert.equal(accountFreshness({ ...row, sync_status: "syncing" }, now).state, "syncing");
    assert.equal(accountFreshness({ ...row, token_problem: "gone" }, now).state, "error");
    assert.equal(accountFreshness({ ...row, token_expires_at: "2026-03-10T11:59:00Z" }, now).state, "error");
    assert.deepEqual(accountFreshness({ ...row, hold: "TOKEN_EXPIRED" }, now), { state: "error", label: "Synced 3 min ago · access has expired" });
    assert.equal(accountFreshness({ ...row, hold: "RATE_LIMITED" }, now).state, "held");
});

test("a token that expires soon is urgent, a later one is mentioned, one without an end is not", () => {
    const notice = (token_expires_at, token_problem) => tokenNotice({ token_expires_at, token_problem }, now, (moment) => moment.slice(0, 10));
    assert.equal(notice(undefined), null);
    assert.equal(notice(null), null);
    assert.equal(notice("nonsense"), null);
    assert.deepEqual(notice("2026-05-01T00:00:00Z"), { isUrgent: false, text: "The access to Facebook expires on 2026-05-01, in 52 days.", details: null });
    assert.equal(notice("2026-03-12T00:00:00Z").isUrgent, true);
    assert.match(notice("2026-03-01T00:00:00Z").text, /has expired/);
    assert.match(notice(null, "The person left").text, /^The person left\. Reconnect/);
});

test("defaults apply if the browser has no stored choices, or invalid ones", () => {
    const isList = Array.isArray;
    assert.deepEqual(new Preferences(null).get("x", [1], isList), [1]);
    new Preferences(null).set("x", 1);
    const all = new Map([["admirror.x", "{"], ["admirror.y", '"text"'], ["admirror.z", "[2]"]]);
    const kept = new Preferences({ getItem: (name) => all.get(name) ?? null, setItem: (name, value) => all.set(name, value) });
    assert.deepEqual(["x", "y", "z", "w"].map((name) => kept.get(name, [1], isList)), [[1], [1], [2], [1]]);
    kept.set("w", [3]);
    assert.deepEqual(kept.get("w", [1], isList), [3]);
});
