import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, dayOf, daysBetween, isDay, presetDays, presets, rangeOf } from "../../nginx/public/lib/days/days.js";
import { Router, format, parse } from "../../nginx/public/lib/page/router.js";

test("an address that was written is read as the same place", () => {
    const place = { account: "act_123", view: "ad-sets", params: { from: "2026-03-01", q: "a & b = #ü/?", sort: "-spent" } };
    const text = format(place);
    assert.ok(text.startsWith("#/act_123/ad-sets?"));
    assert.deepEqual(parse(text), place);
    assert.equal(format({ account: null, view: "settings", params: { connection: "" } }), "#/settings");
});

test("an unknown address leads to the overview", () => {
    assert.deepEqual(parse(""), { account: null, view: "overview", params: {} });
    assert.deepEqual(parse("#/act_1/nonsense"), { account: "act_1", view: "overview", params: {} });
    assert.deepEqual(parse("#/<script>/ads?q=1"), { account: null, view: "overview", params: {} });
    assert.deepEqual(parse("#/settings?connection=7"), { account: null, view: "settings", params: { connection: "7" } });
    assert.deepEqual(parse("#/act_1/ads?%E0%A4%A"), { account: "act_1", view: "ads", params: parse("#/act_1/ads?%E0%A4%A").params });
});

test("opening a place adds a history entry, adjusting it does not unless asked to; empty parameters are omitted", () => {
    const steps = [];
    const window = {
        location: { hash: "#/act_1/ads?q=a" },
        addEventListener: () => {},
        history: {
            pushState: (_, __, hash) => { steps.push(["push", hash]); window.location.hash = hash; },
            replaceState: (_, __, hash) => { steps.push(["replace", hash]); window.location.hash = hash; },
        },
    };
    const router = new Router(window);
    const places = [];
    router.listen((place) => places.push(place.params));
    router.adjust({ q: "ab" });
    router.adjust({ q: "", range: "7d" }, { isStep: true });
    router.go({ account: "act_1", view: "campaigns", params: {} });
    assert.deepEqual(steps, [["replace", "#/act_1/ads?q=ab"], ["push", "#/act_1/ads?range=7d"], ["push", "#/act_1/campaigns"]]);
    assert.deepEqual(places, [{ q: "ab" }, { range: "7d" }, {}]);
});

test("a day is one in the account's time zone", () => {
    const moment = Date.parse("2026-03-10T03:00:00Z");
    assert.equal(dayOf(moment, "America/Los_Angeles"), "2026-03-09");
    assert.equal(dayOf(moment, "Asia/Tokyo"), "2026-03-10");
    assert.equal(dayOf(moment, "Mars/Olympus"), "2026-03-10");
});

test("days are counted correctly across months, leap days and daylight saving time", () => {
    assert.equal(addDays("2024-02-28", 2), "2024-03-01");
    assert.equal(addDays("2026-03-29", 1), "2026-03-30");
    assert.equal(addDays("2026-01-01", -1), "2025-12-31");
    assert.equal(daysBetween("2026-03-01", "2026-03-31"), 31);
    assert.deepEqual(["2026-02-29", "2026-2-1", "", undefined, "2026-13-01", "2024-02-29"].map(isDay), [false, false, false, false, false, true]);
});

test("each preset has the days of its label", () => {
    const today = "2026-03-10";
    const days = Object.fromEntries(presets.map(({ id }) => [id, presetDays(id, today)]));
    assert.deepEqual(days, {
        today: { from: "2026-03-10", to: "2026-03-10" },
        yesterday: { from: "2026-03-09", to: "2026-03-09" },
        "7d": { from: "2026-03-04", to: "2026-03-10" },
        "30d": { from: "2026-02-09", to: "2026-03-10" },
        month: { from: "2026-03-01", to: "2026-03-10" },
        "last-month": { from: "2026-02-01", to: "2026-02-28" },
        "90d": { from: "2025-12-11", to: "2026-03-10" },
    });
    assert.equal(presetDays("nonsense", today), null);
});

test("an address names a range, by default the last 30 days", () => {
    const today = "2026-03-10";
    assert.deepEqual(rangeOf({}, today), { preset: "30d", from: "2026-02-09", to: today, query: {} });
    assert.deepEqual(rangeOf({ range: "nonsense" }, today).query, {});
    assert.deepEqual(rangeOf({ range: "30d" }, today).query, {});
    assert.deepEqual(rangeOf({ range: "7d" }, today).query, { from: "2026-03-04", to: today });
    assert.deepEqual(rangeOf({ from: "2026-03-05", to: "2026-03-01" }, today), {
        preset: null, from: "2026-03-01", to: "2026-03-05", query: { from: "2026-03-01", to: "2026-03-05" },
    });
    assert.deepEqual(rangeOf({ from: "2026-03-05", to: "tomorrow" }, today).query, {});
});
