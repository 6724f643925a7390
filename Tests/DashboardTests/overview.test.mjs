import assert from "node:assert/strict";
import { test } from "node:test";
import { coverageOf, describeComparison, describeRange, loadedDays, openLabel } from "../../nginx/public/views/overview/notes.js";

const today = "2026-03-10";
const formats = { day: (day) => day, days: ({ from, to }) => `${from}…${to}` };
const range = (from, to, preset = null) => ({ preset, from, to });

test("a range says whether today is in it, or all of it is in the future", () => {
    const of = (...days) => describeRange(range(...days), today, formats);
    assert.equal(of("2026-03-04", today, "7d"), "Last 7 days, including today so far");
    assert.equal(of(today, today, "today"), "Today so far");
    assert.equal(of("2026-02-01", "2026-02-28", "last-month"), "Last month");
    assert.equal(of("2026-03-01", "2026-03-02"), "2026-03-01…2026-03-02");
    assert.equal(of("2026-03-09", "2026-03-12"), "2026-03-09…2026-03-12, including today so far");
    assert.equal(of("2026-03-11", "2026-03-12"), "2026-03-11…2026-03-12, in the future");
});

test("a comparison names its days where they are not those of the range", () => {
    const of = (pair, days, open = today) => describeComparison(pair, days, open, today, formats);
    const seven = range("2026-03-04", today, "7d");
    const whole = { now: range("2026-03-03", "2026-03-09"), then: range("2026-02-24", "2026-03-02"), isWhole: true };
    assert.equal(of(whole, seven), "changes compare full days: 2026-03-03…2026-03-09 vs 2026-02-24…2026-03-02");
    assert.equal(of({ now: seven, then: range("2026-02-25", "2026-03-03"), isWhole: false }, seven), "vs previous 7 days");
    const one = range("2026-03-09", "2026-03-09");
    assert.equal(of({ now: one, then: range("2026-03-08", "2026-03-08"), isWhole: true }, one), "vs previous day");
    assert.equal(of(null, range(today, today, "today")), "not compared until the day is over");
    assert.equal(of(null, one, "2026-03-09"), "days since 2026-03-09 are not compared: they were last read before they were over");
    assert.equal(of({ now: one, then: one, isWhole: false }, one, "2026-03-09"), "vs previous day (2026-03-09 was last read before it was over)");
    assert.equal(of(null, range("2026-03-11", "2026-03-12")), null);
});

test("loaded days are counted, without today where nothing of it can be loaded", () => {
    const week = range("2026-03-04", today);
    const days = ["2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09", today];
    assert.deepEqual(coverageOf(days, week, today), { from: "2026-03-04", to: today, complete: true, held: 7, days: 7 });
    assert.equal(coverageOf(days.slice(0, -1), week, today).complete, true);
    assert.equal(loadedDays(coverageOf(days, week, today), formats), null);
    assert.equal(loadedDays(coverageOf(days.slice(2), week, today), formats), "loaded: 2026-03-06…2026-03-10");
    assert.equal(loadedDays(coverageOf([...days.slice(0, 2), ...days.slice(3)], week, today), formats), "loaded: 6 of 7 days");
    assert.equal(loadedDays(coverageOf([], week, today), formats), null);
    assert.deepEqual(coverageOf([], range("2026-03-12", "2026-03-13"), today), { from: null, to: null, complete: true, held: 0, days: 0 });
});

test("days that will grow are named", () => {
    assert.equal(openLabel(today, today, formats), "today so far");
    assert.equal(openLabel("2026-03-08", today, formats), "not final since 2026-03-08");
});
