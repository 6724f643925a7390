import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "../../nginx/public/lib/page/router.js";
import { Preferences } from "../../nginx/public/lib/page/preferences.js";
import { Ahead, accountsKey, fieldsKey, keysAhead } from "../../nginx/public/lib/requests/ahead.js";
import { KeptAnswers } from "../../nginx/public/lib/requests/kept-answers.js";
import { rangeOf } from "../../nginx/public/lib/days/days.js";
import { tableOf } from "../../nginx/public/lib/tables/tables.js";
import { fieldsAsked, keysOf } from "../../nginx/public/views/objects/request.js";
import { FakeClock, MemoryStorage, settle } from "./support.mjs";

const { fields } = JSON.parse(readFileSync(new URL("fields.json", import.meta.url), "utf8"));
const signedIn = Promise.resolve({ text: '{"user":{"id":"ada"}}' });

function preferences(values = {}) {
    return new Preferences({ getItem: (name) => (name in values ? JSON.stringify(values[name]) : null), setItem: () => {} });
}

/** A browser with a storage, and a server that returns the address of each request, or the errors of `failures`. */
function bench({ isNew = false, failures = {}, held = null } = {}) {
    const clock = new FakeClock();
    const storage = new MemoryStorage();
    const asked = [];
    const api = {
        get: async (url, { signal }) => {
            asked.push(url);
            await held;
            signal.throwIfAborted();
            if (failures[url]) throw failures[url];
            return { status: 200, text: JSON.stringify(url), etag: 'W/"1"', servedAt: 7_000 };
        },
    };
    const begin = () => new Ahead({ kept: new KeptAnswers({ storage, now: clock.now }), api, now: clock.now, isNew });
    return { clock, storage, asked, ahead: begin(), begin };
}

test("the keys ahead are those that the first view reads", () => {
    for (const view of ["campaigns", "ad-sets", "ads"]) {
        const table = tableOf(view, fields);
        const shown = table.columns.filter(({ isHidden }) => !isHidden);
        const { all } = keysOf("act_1", table, rangeOf({}, "2026-03-10").query, {}, fieldsAsked(shown));
        for (const more of ["", "?q=shoes", "?today=1"]) {
            assert.deepEqual(keysAhead(parse(`#/act_1/${view}${more}`), preferences()), [accountsKey, fieldsKey, all], view);
        }
    }
});

test("rows are read ahead only if the address shows which", () => {
    for (const hash of ["", "#/settings", "#/act_1/overview", "#/act_1/syncs", "#/7/ads", "#/act_1/ads?range=7d", "#/act_1/ads?status=all",
        "#/act_1/ads?adset=5", "#/act_1/ads?from=2026-03-01&to=2026-03-02", "#/act_1/ads?sort=-cpc"]) {
        assert.deepEqual(keysAhead(parse(hash), preferences()), [accountsKey, fieldsKey], hash);
    }
    const chosen = preferences({ "admirror.columns.ads": ["name", "cpc"] });
    assert.deepEqual(keysAhead(parse("#/act_1/ads"), chosen), [accountsKey, fieldsKey]);
    assert.equal(keysAhead(parse("#/act_1/campaigns"), chosen).length, 3);
});

test("a response that was requested ahead is read once, with the time of its arrival, and is stored", async () => {
    const { ahead, asked, clock, storage } = bench();
    ahead.start(["|/one"], signedIn);
    await settle();
    assert.deepEqual(asked, ["/one"]);
    const { time } = clock;
    clock.time += 500;
    await ahead.open("ada");
    assert.deepEqual(await ahead.get("|/one"), { text: '"/one"', etag: 'W/"1"', updatedAt: time, servedAt: 7_000 });
    await settle();
    assert.deepEqual([...storage.all.keys()], ["ada |/one"]);
    await ahead.clear();
    assert.equal(await ahead.get("|/one"), null);
    assert.equal(asked.length, 1);
});

test("a stored response is not requested", async () => {
    const { ahead, asked, begin, clock } = bench();
    await ahead.open("ada");
    await ahead.put("|/one", { text: "1", etag: null, updatedAt: clock.time, servedAt: null });
    const next = begin();
    next.start(["|/one", "|/two"], signedIn);
    await settle();
    assert.deepEqual(asked, ["/two"]);
    next.open("ada");
    assert.equal((await next.get("|/one")).text, "1");
    assert.equal((await next.get("|/two")).text, '"/two"');
});

test("a stored response that is too old to be shown is requested", async () => {
    const { ahead, asked, begin, clock } = bench();
    await ahead.open("ada");
    await ahead.put("|/one", { text: "1", etag: null, updatedAt: clock.time, servedAt: null });
    clock.time += 31 * 60_000;
    const next = begin();
    next.start(["|/one"], signedIn);
    await settle();
    assert.deepEqual(asked, ["/one"]);
});

test("nothing is requested without a person, or without a response about the session", async () => {
    const { ahead, asked } = bench();
    ahead.start(["|/one"], Promise.resolve({ text: '{"user":null}' }));
    ahead.start(["|/two"], Promise.reject(new Error("offline")));
    await settle();
    assert.deepEqual(asked, []);
    assert.equal(await ahead.get("|/one"), null);
    assert.equal(await ahead.get("|/two"), null);
});

test("a request that fails is left to the reader", async () => {
    const { ahead } = bench({ failures: { "/one": new Error("status 503") } });
    ahead.start(["|/one"], signedIn);
    await settle();
    ahead.open("ada");
    assert.equal(await ahead.get("|/one"), null);
});

test("nobody waits for the storage of a browser that is new here", async () => {
    const { ahead, asked, storage } = bench({ isNew: true });
    storage.read = () => new Promise(() => {});
    ahead.start(["|/one"], signedIn);
    ahead.open("ada");
    assert.equal((await ahead.get("|/one")).text, '"/one"');
    assert.equal(await ahead.get("|/two"), null);
    assert.deepEqual(asked, ["/one"]);
});

test("what has arrived before signing out is not shown to the next person", async () => {
    const { ahead, storage } = bench();
    ahead.start(["|/one"], signedIn);
    await settle();
    ahead.open("ada");
    await ahead.clear();
    ahead.open("bob");
    assert.equal(await ahead.get("|/one"), null);
    assert.equal(storage.all.size, 0);
});

test("what is on its way at signing out is aborted, and nobody gets it", async () => {
    const { promise, resolve } = withResolvers();
    const { ahead, asked, storage } = bench({ held: promise });
    ahead.start(["|/one"], signedIn);
    await settle();
    assert.deepEqual(asked, ["/one"]);
    ahead.open("ada");
    const reading = ahead.get("|/one");
    await ahead.clear();
    ahead.open("bob");
    resolve();
    assert.equal(await reading, null);
    assert.equal(await ahead.get("|/one"), null);
    await settle();
    assert.equal(storage.all.size, 0);
});

/** A promise, and what fulfils it. */
function withResolvers() {
    let resolve;
    const promise = new Promise((done) => { resolve = done; });
    return { promise, resolve };
}
