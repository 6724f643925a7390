import assert from "node:assert/strict";
import { test } from "node:test";
import { change, compare, sum } from "../../nginx/public/lib/periods.js";
import { filterRows, formatOrder, nextOrder, parseOrder, sortRows, totals } from "../../nginx/public/lib/rows.js";
import { linePath, ticks } from "../../nginx/public/lib/scale.js";
import { statusFilter, statusTone, tables } from "../../nginx/public/lib/tables.js";
import { rowAfterKey, scrollTopFor, visibleRows } from "../../nginx/public/lib/windowing.js";

const compareTexts = new Intl.Collator("en", { sensitivity: "base", numeric: true }).compare;
const rows = [
    { id: "1", name: "Shoes 10", effective_status: "ACTIVE", campaign_id: "a", spend: 5, roas: 2 },
    { id: "2", name: "shoes 9", effective_status: "PAUSED", campaign_id: "a", spend: null, roas: null },
    { id: "3", name: "<img onerror>", effective_status: "CAMPAIGN_PAUSED", campaign_id: "b", spend: 20, roas: 0.5 },
    { id: "4", name: null, status: "ACTIVE", campaign_id: "b", spend: 0, roas: null },
];
const ids = (list) => list.map(({ id }) => id).join("");

test("rows are narrowed by name, id, status and parent, all together", () => {
    assert.equal(filterRows(rows, {}), rows);
    assert.equal(ids(filterRows(rows, { q: " SHOES " })), "12");
    assert.equal(ids(filterRows(rows, { q: "3" })), "3");
    assert.equal(ids(filterRows(rows, { q: "<img" })), "3");
    assert.equal(ids(filterRows(rows, { words: ["ACTIVE"] })), "14");
    assert.equal(ids(filterRows(rows, { words: statusFilter("paused").words })), "23");
    assert.equal(ids(filterRows(rows, { parents: { campaign_id: "b", ad_set_id: undefined } })), "34");
    assert.equal(ids(filterRows(rows, { q: "shoes", words: ["PAUSED"], parents: { campaign_id: "a" } })), "2");
    assert.equal(ids(filterRows(rows, { parents: { campaign_id: "c" } })), "");
});

test("names sort as people read them, numbers by size, and what has no value comes last either way", () => {
    const sorted = (column, isDescending) => ids(sortRows(rows, { column, isDescending }, compareTexts));
    assert.equal(sorted("name", false), "3214");
    assert.equal(sorted("name", true), "1234");
    assert.equal(sorted("spend", true), "3142");
    assert.equal(sorted("spend", false), "4132");
    assert.equal(sorted("roas", true), "1324");
    assert.equal(ids(rows), "1234", "the rows themselves are left alone");
});

test("an order is read from the address; nonsense is the usual one", () => {
    const { columns } = tables.ads;
    assert.deepEqual(parseOrder("-spend", columns, "-spend"), { column: "spend", isDescending: true });
    assert.deepEqual(parseOrder("name", columns, "-spend"), { column: "name", isDescending: false });
    for (const text of [undefined, "", "nonsense", "-"]) assert.deepEqual(parseOrder(text, columns, "-spend"), { column: "spend", isDescending: true });
    assert.equal(formatOrder({ column: "ctr", isDescending: true }), "-ctr");
});

test("pressing a head sorts numbers from the largest and names from the first, and turns around when pressed again", () => {
    const number = { id: "spend", kind: "money" };
    const text = { id: "name", kind: "text" };
    assert.deepEqual(nextOrder({ column: "x", isDescending: true }, number), { column: "spend", isDescending: true });
    assert.deepEqual(nextOrder({ column: "x", isDescending: true }, text), { column: "name", isDescending: false });
    assert.deepEqual(nextOrder({ column: "spend", isDescending: true }, number), { column: "spend", isDescending: false });
});

test("totals add up what can be added up; ratios are made of the sums", () => {
    const list = [
        { spend: 10, impressions: 1_000, clicks: 10, conversions: 2, roas: 3, engagement: 5 },
        { spend: 30, impressions: 3_000, clicks: 60, conversions: 0, roas: null, engagement: 1 },
    ];
    const told = totals(list, tables.ads.columns, "spend");
    assert.deepEqual(told, { spend: 40, impressions: 4_000, clicks: 70, ctr: 1.75, conversions: 2, roas: 0.75, engagement: 6 });
    const none = totals([], tables.campaigns.columns, "spent");
    assert.equal(none.spent, 0);
    assert.equal(none.ctr, null);
    assert.equal(none.cost_per_conversion, null);
    assert.equal("reach" in none, false, "people who were reached twice would count twice");
});

test("every status has a tone, and every filter of what is gone asks for it", () => {
    assert.deepEqual(["ACTIVE", "PAUSED", "WITH_ISSUES", "PENDING_REVIEW", null].map(statusTone), ["good", "quiet", "bad", "waiting", "quiet"]);
    assert.equal(statusFilter("archived").asked, "ALL");
    assert.equal(statusFilter("nonsense").id, "");
    assert.equal(statusFilter(undefined).id, "");
});

test("only rows near what is seen stand in the document", () => {
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

test("keys lead through the table and stop at its ends", () => {
    const state = { index: 10, count: 100, page: 20 };
    const keys = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"];
    assert.deepEqual(keys.map((key) => rowAfterKey(key, state)), [11, 9, 30, 0, 0, 99]);
    assert.equal(rowAfterKey("a", state), null);
    assert.equal(rowAfterKey("ArrowDown", { index: 0, count: 0, page: 20 }), null);
    assert.equal(scrollTopFor({ index: 50, rowHeight: 36, scrollTop: 0, height: 360 }), 51 * 36 - 360);
    assert.equal(scrollTopFor({ index: 5, rowHeight: 36, scrollTop: 900, height: 360 }), 180);
    assert.equal(scrollTopFor({ index: 27, rowHeight: 36, scrollTop: 900, height: 360 }), 900);
});

test("a period stands beside the one before, and a day that is missing is none", () => {
    const day = (date, spend, value = 0) => ({ date, spend, impressions: 100, clicks: 2, conversions: 1, conversion_value: value });
    const days = [day("2026-03-05", 1), day("2026-03-06", 2), day("2026-03-08", 3, 9), day("2026-03-09", 4), day("2026-03-10", 5, 3)];
    const { now, then, days: shown, daysBefore } = compare(days, "2026-03-10", 3);
    assert.deepEqual([now.spend, then.spend, now.ctr, now.roas], [12, 3, 2, 1]);
    assert.deepEqual(shown.map(({ date }) => date), ["2026-03-08", "2026-03-09", "2026-03-10"]);
    assert.equal(daysBefore.length, 2);
    assert.equal(change(12, 3), 3);
    assert.equal(change(12, 0), null);
    assert.equal(change(null, 3), null);
    assert.equal(sum([]).roas, null);
});

test("axes end at round numbers, also for tiny and huge ones", () => {
    assert.deepEqual(ticks(97), [0, 25, 50, 75, 100]);
    assert.deepEqual(ticks(0), [0, 1]);
    assert.equal(ticks(100).at(-1), 100);
    for (const largest of [0.0007, 0.3, 1, 7, 1_234, 9.9e9]) {
        const marks = ticks(largest);
        assert.ok(marks.at(-1) >= largest && marks.length <= 6, String(largest));
    }
});

test("a line is broken where there is no value", () => {
    assert.equal(linePath([1, null, 2, 3], (x) => x, (y) => y), "M0.0 1.0M2.0 2.0L3.0 3.0");
    assert.equal(linePath([], (x) => x, (y) => y), "");
});
