import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { before, change, comparison, firstOpenDay, seriesOf, within } from "../../nginx/public/lib/days/periods.js";
import { csv } from "../../nginx/public/lib/tables/csv.js";
import { awaitsResults, firstUnfinished, heldInWords, isHeldWhole, loadingHistory, missingDays } from "../../nginx/public/lib/days/coverage.js";
import { filterRows, formatOrder, nextOrder, parseOrder, sortRows, totals } from "../../nginx/public/lib/tables/rows.js";
import { words } from "../../nginx/public/lib/text/format.js";
import { linePath, ticks } from "../../nginx/public/lib/page/scale.js";
import { statusFilter, statusTone, tableOf } from "../../nginx/public/lib/tables/tables.js";
import { rowAfterKey, scrollTopFor, visibleRows } from "../../nginx/public/lib/tables/windowing.js";

/** The server's fields. A test of the server compares the file with them. */
const { fields } = JSON.parse(readFileSync(new URL("fields.json", import.meta.url), "utf8"));
const { sum, compared, metrics } = seriesOf(fields);
const columnsOf = (view, ...names) => names.map((name) => tableOf(view, fields).columns.find(({ id }) => id === name));

const compareTexts = new Intl.Collator("en", { sensitivity: "base", numeric: true }).compare;
const rows = [
    { id: "1", name: "Shoes 10", status: "ACTIVE", effective_status: "ACTIVE", campaign_id: "a", spend: 5, roas: 2 },
    { id: "23", name: "shoes 9", status: "PAUSED", effective_status: "PAUSED", campaign_id: "a", spend: null, roas: null },
    { id: "3", name: "<img onerror>", status: "ACTIVE", effective_status: "CAMPAIGN_PAUSED", campaign_id: "b", spend: 20, roas: 0.5 },
    { id: "4", name: null, status: "ACTIVE", campaign_id: "b", spend: 0, roas: null },
];
const ids = (list) => list.map(({ id }) => id).join(" ");

test("rows are narrowed by name, id, status and parent, all together", () => {
    assert.equal(filterRows(rows, {}), rows);
    assert.equal(ids(filterRows(rows, { q: " SHOES " })), "1 23");
    assert.equal(ids(filterRows(rows, { q: "3" })), "3");
    assert.equal(ids(filterRows(rows, { q: "2" })), "23", "the beginning of an id");
    assert.equal(ids(filterRows(rows, { q: "<img" })), "3");
    assert.equal(ids(filterRows(rows, { words: ["ACTIVE"] })), "1 3 4", "as its owner has set it");
    assert.equal(ids(filterRows(rows, { words: statusFilter("paused").words })), "23 3");
    assert.equal(ids(filterRows(rows, { parents: { campaign_id: "b", ad_set_id: undefined } })), "3 4");
    assert.equal(ids(filterRows(rows, { q: "shoes", words: ["PAUSED"], parents: { campaign_id: "a" } })), "23");
    assert.equal(ids(filterRows(rows, { parents: { campaign_id: "c" } })), "");
});

test("a row that is archived or deleted with its parent matches only that status", () => {
    const gone = [
        { id: "1", status: "ACTIVE", effective_status: "ARCHIVED" }, { id: "2", status: "DELETED", effective_status: "DELETED" },
        { id: "3", status: "ARCHIVED", effective_status: "ACTIVE" }, { id: "4", status: "PAUSED", effective_status: "WITH_ISSUES" },
    ];
    const found = (...words) => ids(filterRows(gone, { words }));
    assert.deepEqual([found("ACTIVE"), found("ARCHIVED"), found("DELETED"), found("PAUSED"), found("WITH_ISSUES")], ["", "1 3", "2", "4", "4"]);
});

test("names sort as people read them, numbers by size, and rows without a value come last in both directions", () => {
    const sorted = (column, isDescending) => ids(sortRows(rows, { column, isDescending }, compareTexts));
    assert.equal(sorted("name", false), "3 23 1 4");
    assert.equal(sorted("name", true), "1 23 3 4");
    assert.equal(sorted("spend", true), "3 1 4 23");
    assert.equal(sorted("spend", false), "4 1 3 23");
    assert.equal(sorted("roas", true), "1 3 23 4");
    assert.equal(ids(rows), "1 23 3 4", "the rows themselves are left alone");
});

test("spend without a result sorts as the highest cost, and rows without spend come last", () => {
    const row = (id, spent, conversions) => ({ id, spent, conversions, cost_per_conversion: conversions > 0 ? spent / conversions : null });
    const list = [row("idle", 0, 0), row("cheap", 10, 5), row("wasted", 3, 0), row("unknown", 9, null), row("dear", 50, 1), row("lost", 7, 0)];
    const [column] = columnsOf("campaigns", "cost_per_conversion");
    const sorted = (isDescending) => ids(sortRows(list, { column: column.id, isDescending }, compareTexts, column));
    assert.equal(sorted(true), "wasted lost dear cheap idle unknown");
    assert.equal(sorted(false), "cheap dear wasted lost idle unknown");
});

test("an order is read from the address; an unknown one is the default", () => {
    const { columns } = tableOf("ads", fields);
    assert.deepEqual(parseOrder("-spend", columns, "-spend"), { column: "spend", isDescending: true });
    assert.deepEqual(parseOrder("name", columns, "-spend"), { column: "name", isDescending: false });
    for (const text of [undefined, "", "nonsense", "-"]) assert.deepEqual(parseOrder(text, columns, "-spend"), { column: "spend", isDescending: true });
    assert.deepEqual(parseOrder("-spent", columns, "-spend"), { column: "spend", isDescending: true }, "as the other tables call it");
    assert.equal(formatOrder({ column: "ctr", isDescending: true }), "-ctr");
});

test("a click on a head sorts numbers from the largest and names from A; a second click reverses the order", () => {
    const number = { id: "spend", kind: "money" };
    const text = { id: "name", kind: "text" };
    assert.deepEqual(nextOrder({ column: "x", isDescending: true }, number), { column: "spend", isDescending: true });
    assert.deepEqual(nextOrder({ column: "x", isDescending: true }, text), { column: "name", isDescending: false });
    assert.deepEqual(nextOrder({ column: "spend", isDescending: true }, number), { column: "spend", isDescending: false });
});

test("totals are sums of additive columns; ratios are computed from the sums", () => {
    const list = [
        { spend: 10, impressions: 1_000, clicks: 10, conversions: 2, roas: 3, engagement: 5 },
        { spend: 30, impressions: 3_000, clicks: 60, conversions: 0, roas: 0, engagement: 1 },
    ];
    const shown = columnsOf("ads", "name", "spend", "impressions", "clicks", "ctr", "conversions", "roas", "engagement", "reach");
    const sums = totals(list, shown);
    assert.deepEqual(sums, { spend: 40, impressions: 4_000, clicks: 70, ctr: 1.75, conversions: 2, roas: 0.75, engagement: 6 });
    const unknown = totals([...list, { spend: 1, impressions: 1, clicks: 1, conversions: null, roas: null, engagement: 0 }], shown);
    assert.deepEqual([unknown.spend, unknown.conversions, unknown.roas], [41, null, null], "a sum with an unknown value is unknown");
    const late = (conversions) => totals([...list, { spend: 0, impressions: 0, clicks: 0, conversions, roas: null, engagement: 0 }], shown);
    assert.deepEqual([late(0).roas, late(1).roas], [0.75, null], "a conversion of an ad without spend has a value that no row shows");
    const known = totals(list, shown, { spend: 45, ctr: null, reach: 7 });
    assert.deepEqual(known, { ...sums, spend: 45, ctr: null }, "a known total replaces the sum, and no column that has none gets one");
    const none = totals([], columnsOf("campaigns", "spent", "ctr", "cost_per_conversion", "reach"));
    assert.equal(none.spent, 0);
    assert.equal(none.ctr, null);
    assert.equal(none.cost_per_conversion, null);
    assert.equal("reach" in none, false, "people who were reached twice would count twice");
});

test("a table has its usual columns, and every other metric to choose", () => {
    const idsOf = (view, isWanted) => tableOf(view, fields).columns.filter(isWanted).map(({ id }) => id).join(" ");
    const isShown = ({ isHidden }) => !isHidden;
    assert.equal(idsOf("campaigns", isShown), "name effective_status budget spent impressions clicks ctr cpc reach conversions cost_per_conversion");
    assert.equal(idsOf("ad-sets", isShown), "name campaign_name effective_status budget spent impressions clicks ctr cpc reach conversions");
    assert.equal(idsOf("ads", isShown), "name ad_set_name effective_status spend impressions clicks ctr conversions roas");
    for (const [view, level] of [["campaigns", "campaign"], ["ad-sets", "adset"], ["ads", "ad"]]) {
        const all = tableOf(view, fields).columns.map(({ id }) => id);
        assert.equal(new Set(all).size, all.length);
        const metrics = fields.filter(({ levels, group, same_as: other }) => levels.includes(level) && !other && !["object", "period"].includes(group));
        // The type of results is a part of their column.
        const missing = metrics.filter(({ name }) => !all.includes(name) && name !== "result_type" && !(name === "spend" && all.includes("spent")));
        assert.deepEqual(missing, [], view);
    }
    assert.deepEqual(metrics.map(({ label }) => label), ["Spend", "Impressions", "Clicks", "CTR", "Conversions", "ROAS"]);
});

test("a column requests the members that rows do not have by default", () => {
    const asked = (view, name) => columnsOf(view, name)[0].asked;
    assert.deepEqual(asked("campaigns", "roas"), ["roas", "conversion_value"]);
    assert.deepEqual(asked("ads", "cpm"), ["cpm"]);
    assert.equal(asked("ads", "roas"), undefined);
    assert.equal(asked("campaigns", "spent"), undefined);
    const rows = [{ spent: 2, conversion_value: 10, roas: 5 }, { spent: 3, conversion_value: null, roas: null }];
    assert.deepEqual(totals(rows.slice(0, 1), columnsOf("campaigns", "roas", "conversion_value")), { roas: 5, conversion_value: 10 });
    assert.deepEqual(totals(rows, columnsOf("campaigns", "roas")), { roas: null });
    assert.deepEqual(columnsOf("campaigns", "cpc")[0].cost, { of: "spent", by: "clicks" });
});

test("results are added up by type, with the server's totals first, and nothing is added up for several types or people", () => {
    const shown = columnsOf("campaigns", "spent", "results", "cost_per_result");
    assert.deepEqual(shown[1].asked, ["results", "result_type"]);
    assert.deepEqual(shown[2].asked, ["cost_per_result", "results", "result_type"]);
    const row = (spent, results, type) => ({ spent, results, result_type: type });
    const sums = (...rows) => totals(rows, shown);
    assert.deepEqual(sums(row(6, 2, "leads"), row(2, 2, "leads"), row(0, 0, null)),
        { spent: 8, results: 4, cost_per_result: 2, result_type: "leads" });
    assert.deepEqual(sums(row(6, 2, "leads"), row(2, 2, "purchases")), { spent: 8, results: null, cost_per_result: null, result_type: null });
    assert.deepEqual(sums(row(6, null, null), row(2, 2, "leads")), { spent: 8, results: null, cost_per_result: null, result_type: "leads" });
    assert.deepEqual(sums(row(6, 9, "reach"), row(2, 5, "reach")), { spent: 8, results: null, cost_per_result: null, result_type: "reach" });
    assert.deepEqual(sums(row(6, 9, "reach"), row(2, 0, "reach")).results, 9);
    const known = { spent: 9, results: null, result_type: "12 leads · 3 purchases", cost_per_result: null };
    assert.deepEqual(totals([row(6, 2, "leads")], shown, known), known);
});

test("a file has the type of results beside them", () => {
    const columns = columnsOf("campaigns", "name", "results");
    const rows = [{ name: "a", results: null, result_type: "12 leads · 3 purchases" }, { name: "b", results: 4, result_type: "=1+1" }];
    assert.equal(csv(rows, columns, String), '\ufeffCampaign,Results,Result type\r\na,,12 leads · 3 purchases\r\nb,4,\'=1+1\r\n');
});

test("every status has a tone, and filters of archived and deleted rows request them", () => {
    assert.deepEqual(["ACTIVE", "PAUSED", "WITH_ISSUES", "PENDING_REVIEW", null].map(statusTone), ["good", "quiet", "bad", "waiting", "quiet"]);
    assert.equal(statusFilter("archived").asked, "ALL");
    assert.equal(statusFilter("nonsense").id, "");
    assert.equal(statusFilter(undefined).id, "");
});

test("an address can have values of the API's status instead of a filter's id", () => {
    const issues = statusFilter("WITH_ISSUES");
    assert.deepEqual([issues.label, issues.asked, issues.words], ["With issues", "", ["WITH_ISSUES"]]);
    assert.deepEqual(statusFilter("ACTIVE,CAMPAIGN_PAUSED").words, ["ACTIVE", "CAMPAIGN_PAUSED"]);
    assert.equal(statusFilter("ACTIVE,DELETED").asked, "ALL", "rows that are gone are not in the usual list");
    assert.equal(statusFilter("ALL").id, "all");
    const rows = [{ id: "1", status: "ACTIVE", effective_status: "WITH_ISSUES" }, { id: "2", status: "ACTIVE", effective_status: "ACTIVE" }];
    assert.deepEqual(filterRows(rows, { words: issues.words }).map(({ id }) => id), ["1"]);
});

test("only rows near the visible ones are in the document", () => {
    const view = { count: 5_000, rowHeight: 36, height: 720 };
    assert.deepEqual(visibleRows({ ...view, scrollTop: 0, margin: 5 }), { first: 0, end: 25, above: 0, below: 4_975 * 36 });
    const middle = visibleRows({ ...view, scrollTop: 36_000, margin: 5 });
    assert.deepEqual([middle.first, middle.end], [995, 1_025]);
    assert.equal(middle.above + middle.below + (middle.end - middle.first) * 36, 5_000 * 36);
    const end = visibleRows({ ...view, scrollTop: 5_000 * 36 - 720, margin: 5 });
    assert.deepEqual([end.end, end.below], [5_000, 0]);
    assert.deepEqual(visibleRows({ count: 0, rowHeight: 36, height: 720, scrollTop: 0 }), { first: 0, end: 0, above: 0, below: 0 });
    const shrunk = visibleRows({ count: 3, rowHeight: 36, height: 720, scrollTop: 9_000 });
    assert.ok(shrunk.first <= shrunk.end && shrunk.below === 0, "a list that became short under the reader");
});

test("keys move through the table and stop at its ends", () => {
    const state = { index: 10, count: 100, page: 20 };
    const keys = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"];
    assert.deepEqual(keys.map((key) => rowAfterKey(key, state)), [11, 9, 30, 0, 0, 99]);
    assert.equal(rowAfterKey("a", state), null);
    assert.equal(rowAfterKey("ArrowDown", { index: 0, count: 0, page: 20 }), null);
    assert.equal(scrollTopFor({ index: 50, rowHeight: 36, scrollTop: 0, height: 360 }), 51 * 36 - 360);
    assert.equal(scrollTopFor({ index: 5, rowHeight: 36, scrollTop: 900, height: 360 }), 180);
    assert.equal(scrollTopFor({ index: 27, rowHeight: 36, scrollTop: 900, height: 360 }), 900);
});

const day = (date, spend, value = 0) => ({ date, spend, impressions: 100, clicks: 2, conversions: 1, conversion_value: value });
const missing = (date) => ({ date, spend: null, impressions: null, clicks: null, conversions: null, conversion_value: null });

test("sums cover the loaded days; a sum with an unknown value, or without a loaded day, is unknown", () => {
    const days = [missing("2026-03-07"), day("2026-03-08", 3, 9), day("2026-03-09", 4), day("2026-03-10", 5, 3)];
    const { spend, ctr, roas } = sum(days);
    assert.deepEqual([spend, ctr, roas], [12, 2, 1]);
    assert.deepEqual([sum([]).spend, sum([missing("2026-03-07")]).clicks, sum([]).roas], [null, null, null]);
    const refused = sum([day("2026-03-08", 3), { ...day("2026-03-09", 4), conversion_value: null }]);
    assert.deepEqual([refused.spend, refused.conversion_value, refused.roas], [7, null, null]);
    assert.equal(sum([day("2026-03-08", 0)]).spend, 0, "zero is zero");
});

test("full days are compared, unless the reader includes today", () => {
    const today = "2026-03-10";
    const of = (preset, from, to, includesToday = false) => comparison({ preset, from, to }, today, includesToday);
    const range = (from, to) => ({ from: `2026-${from}`, to: `2026-${to}` });
    assert.deepEqual(of("7d", "2026-03-04", today), { now: range("03-03", "03-09"), then: range("02-24", "03-02"), isWhole: true });
    assert.deepEqual(of("7d", "2026-03-04", today, true), { now: range("03-04", "03-10"), then: range("02-25", "03-03"), isWhole: false });
    assert.deepEqual(of("month", "2026-03-01", today), { now: range("03-01", "03-09"), then: range("02-20", "02-28"), isWhole: true });
    assert.deepEqual(of(null, "2026-03-01", "2026-03-02"), { now: range("03-01", "03-02"), then: range("02-27", "02-28"), isWhole: true });
    assert.equal(of("today", today, today), null);
    assert.deepEqual(of("today", today, today, true).then, range("03-09", "03-09"));
    assert.deepEqual(before({ from: "2026-03-01", to: "2026-03-02" }), range("02-27", "02-28"));
});

test("a day that was read before its end is unfinished, as today is", () => {
    const today = "2026-03-10";
    const open = (moment, zone = "UTC") => firstOpenDay(moment && Date.parse(moment), zone, today);
    assert.equal(open("2026-03-10T00:01:01Z"), today);
    assert.equal(open("2026-03-10T00:00:02Z"), "2026-03-09", "stored after midnight, and read before");
    assert.equal(open("2026-03-09T14:00:00Z", "Asia/Tokyo"), "2026-03-09");
    assert.equal(open("2026-03-09T15:02:00Z", "Asia/Tokyo"), today, "a day ends at midnight in the account's zone");
    assert.equal(open("2026-02-28T12:00:00Z"), "2026-02-28");
    assert.equal(open(null), today);
    assert.equal(open("2026-03-11T12:00:00Z"), today);
    const of = (preset, from, to, includes = false) => comparison({ preset, from, to }, "2026-03-09", includes);
    const range = (from, to) => ({ from: `2026-${from}`, to: `2026-${to}` });
    assert.deepEqual(of("7d", "2026-03-04", today), { now: range("03-02", "03-08"), then: range("02-23", "03-01"), isWhole: true });
    assert.deepEqual(of("month", "2026-03-01", today), { now: range("03-01", "03-08"), then: range("02-21", "02-28"), isWhole: true });
    assert.equal(of("yesterday", "2026-03-09", "2026-03-09"), null);
    assert.equal(of("yesterday", "2026-03-09", "2026-03-09", true).isWhole, false);
    assert.equal(of(null, "2026-03-08", "2026-03-08").isWhole, true);
});

test("a change needs every day of both sides", () => {
    const days = [day("2026-03-05", 1), day("2026-03-06", 2), day("2026-03-07", 2), day("2026-03-08", 3), missing("2026-03-09")];
    const pair = (from, to) => comparison({ preset: null, from, to }, "2026-03-10", false);
    const { now, then } = compared(days, pair("2026-03-07", "2026-03-08"));
    assert.deepEqual([now.spend, then.spend], [5, 3]);
    assert.equal(compared(days, pair("2026-03-08", "2026-03-09")), null);
    assert.equal(compared(days, pair("2026-03-05", "2026-03-06")), null, "the days before were never asked for");
    assert.equal(within(days, { from: "2026-03-06", to: "2026-03-07" }).length, 2);
    assert.deepEqual([change(12, 3), change(12, 0), change(null, 3), change(0, 4)], [3, null, null, -1]);
});

test("missing days are reported, with the length of history that includes them", () => {
    const today = "2026-11-30";
    const of = (from, to, coverage, longest = 1_123) => missingDays(coverage, { from, to }, today, (text) => text, longest);
    assert.equal(of("2026-11-01", today, undefined), null);
    assert.equal(of("2026-11-01", today, { from: "2026-11-01", to: today, complete: false }), null);
    assert.deepEqual(of("2026-08-01", today, { from: "2026-09-02", to: today, complete: false }), { text: "Days before 2026-09-02 are not loaded.", request: 122 });
    assert.deepEqual(of("2026-06-01", "2026-08-30", { from: null, to: null, complete: false }), { text: "None of these days are loaded.", request: 183 });
    assert.equal(of(today, today, { from: null, to: null, complete: false }).request, null, "today comes by itself");
    const hole = (held) => of("2026-11-01", today, { from: "2026-11-01", to: today, complete: false, held, days: 30 });
    assert.deepEqual(hole(28), { text: "28 of 30 days are loaded.", request: null });
    assert.equal(hole(30), null);
    assert.equal(of("2020-01-01", today, { from: "2026-09-02", to: today, complete: false }).request, 1_123);
    assert.equal(of("2026-08-01", today, { from: "2026-09-02", to: today, complete: false }, null).request, null, "the server has not sent its limit");
    assert.equal(of("2026-11-01", today, { from: "2026-11-01", to: "2026-11-29", complete: false }).text, "Days after 2026-11-29 are not loaded yet." );
    assert.deepEqual(of("2026-12-01", "2026-12-05", { from: null, to: null, complete: false }), { text: "These days are in the future.", request: null });
});

test("a range that includes today is never complete, but nothing of it is still loading", () => {
    const today = "2026-11-30";
    const [range, yesterday] = [{ from: "2026-11-24", to: today }, { from: "2026-11-24", to: "2026-11-29" }];
    const status = (from, to) => ({ parts: { adDays: { missing: from ? [{ from, to }] : [] } } });
    const coverage = { from: "2026-11-24", to: today, complete: false, whole_to: "2026-11-29" };
    assert.equal(awaitsResults(coverage, range, today, null), false);
    assert.equal(awaitsResults(coverage, yesterday, today, null), true);
    assert.equal(awaitsResults(coverage, yesterday, today, status()), false);
    assert.equal(awaitsResults(coverage, range, today, status("2026-11-20", "2026-11-24")), true);
    assert.equal(awaitsResults(coverage, range, today, status("2026-11-20", "2026-11-23")), false);
    assert.equal(firstUnfinished(coverage, range, today), null);
    assert.equal(firstUnfinished({ ...coverage, whole_to: "2026-11-28" }, range, today), "2026-11-29");
    assert.equal(firstUnfinished({ ...coverage, from: "2026-11-29", to: "2026-11-29", whole_to: null }, range, today), "2026-11-29");
    assert.deepEqual([firstUnfinished(undefined, range, today), firstUnfinished({ from: "2026-11-24", to: today }, range, today)], [null, null]);
    const said = (more, days = range, of = null) => heldInWords({ ...coverage, ...more }, days, today, of, { day: (text) => text, days: ({ from, to }) => `${from}–${to}` });
    assert.deepEqual([said({}), said({ from: null, to: null })], [[], []]);
    assert.deepEqual(said({ from: "2026-11-26" }), ["loaded: 2026-11-26–2026-11-30"]);
    assert.deepEqual(said({ whole_to: "2026-11-28" }, range, status("2026-11-24", "2026-11-24")), ["some results are still loading", "not final since 2026-11-29"]);
    assert.equal(isHeldWhole({ date_start: range.from, date_end: today, coverage }), true);
    assert.equal(isHeldWhole({ date_start: "2026-11-01", date_end: today, coverage }), false);
    assert.equal(isHeldWhole({ date_start: range.from, date_end: today, coverage: { from: null, to: null, complete: false } }), false);
});

test("the progress of older days is shown while they include the first day on screen", () => {
    const status = (held) => ({ history: { days: 183, from: "2026-06-01", held } });
    assert.equal(loadingHistory(status(90), "2026-06-01"), "Loading older days: 90 of 183 days loaded.");
    assert.deepEqual([loadingHistory(status(183), "2026-06-01"), loadingHistory(status(90), "2026-05-31"), loadingHistory(null, "2026-06-01")], [null, null, null]);
    const behind = { ...status(90), parts: { accountDays: { to: "2026-11-20" } } };
    assert.equal(loadingHistory(behind, "2026-11-21"), null, "a day that no sync has read is no older one");
    assert.notEqual(loadingHistory(behind, "2026-11-20"), null);
});

test("a file has a byte order mark, the labels, and no cell that a spreadsheet would run as a formula", () => {
    const columns = [{ id: "name", label: "Campaign", kind: "text" }, { id: "spent", label: "Spend, all", kind: "money" }];
    const list = [{ name: '=1+"1"', spent: 1.5 }, { name: "a\nb", spent: null }, { name: "-", spent: -3 }, { name: "plain", spent: 0 }];
    assert.equal(csv(list, columns, words), '\ufeffCampaign,"Spend, all"\r\n"\'=1+""1""",1.5\r\n"a\nb",\r\n\'-,-3\r\nplain,0\r\n');
    const others = [{ id: "id", label: "ID", kind: "text" }, { id: "effective_status", label: "Status", kind: "status" }];
    assert.equal(csv([{ id: "120210000000000001", effective_status: "CAMPAIGN_PAUSED" }], others, words),
        '\ufeffID,Status\r\n"=""120210000000000001""",Campaign paused\r\n', "an id has more digits than a spreadsheet's numbers");
});

test("axes end at round numbers, even for tiny and huge values", () => {
    assert.deepEqual(ticks(97), [0, 25, 50, 75, 100]);
    assert.deepEqual(ticks(0), [0, 1]);
    assert.equal(ticks(100).at(-1), 100);
    for (const largest of [0.0007, 0.3, 1, 7, 1_234, 9.9e9]) {
        const marks = ticks(largest);
        assert.ok(marks.at(-1) >= largest && marks.length <= 6, String(largest));
    }
});

test("a line has a gap where there is no value", () => {
    assert.equal(linePath([1, null, 2, 3], (x) => x, (y) => y), "M0.0 1.0M2.0 2.0L3.0 3.0");
    assert.equal(linePath([], (x) => x, (y) => y), "");
});
