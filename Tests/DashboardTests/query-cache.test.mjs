import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptAnswers } from "../../nginx/public/lib/requests/kept-answers.js";
import { QueryCache } from "../../nginx/public/lib/requests/query-cache.js";
import { FakeClock, FakeServer, MemoryStorage, settle } from "./support.mjs";

const minute = 60_000;

/** A cache as a page has it. With the `storage` of another one, as after a reload. */
async function page({ clock = new FakeClock(), storage = new MemoryStorage(), user = "ada", isOnline = () => true } = {}) {
    const server = new FakeServer();
    const sent = [];
    const keeper = new KeptAnswers({ storage, now: clock.now });
    await keeper.open(user);
    const cache = new QueryCache({
        fetch: server.fetch, clock, keeper, isOnline, random: () => 0.5, channel: { postMessage: (message) => sent.push(message) },
    });
    return { cache, clock, storage, server, sent };
}

/** All snapshots that a subscriber received. */
function watch(cache, key) {
    const seen = [];
    const end = cache.subscribe(key, (snapshot) => seen.push(snapshot));
    return { seen, end, get last() { return seen.at(-1); } };
}

test("the first subscriber gets an empty snapshot at once, then the response", async () => {
    const { cache, server } = await page();
    const view = watch(cache, "a|/ads");
    assert.deepEqual(view.last, { data: undefined, error: null, updatedAt: 0, isFetching: true, isStale: true });
    await settle();
    assert.equal(server.requests.length, 1);
    assert.equal(server.last.etag, null);
    await server.last.answer({ ads: [1] }, 'W/"1"');
    assert.deepEqual(view.last.data, { ads: [1] });
    assert.equal(view.last.isFetching, false);
    assert.equal(view.last.isStale, false);
});

test("data is there at once for the next subscriber, and fresh for five minutes", async () => {
    const { cache, server, clock } = await page();
    const first = watch(cache, "a|/ads");
    await settle();
    await server.last.answer([1]);
    first.end();
    await clock.advance(5 * minute - 1);
    const second = watch(cache, "a|/ads");
    assert.deepEqual(second.seen[0].data, [1]);
    assert.equal(second.seen[0].isFetching, false);
    await settle();
    assert.equal(server.requests.length, 1);
});

test("stale data is shown while it is fetched again; a 304 keeps it and makes it fresh", async () => {
    const { cache, server, clock } = await page();
    const first = watch(cache, "a|/ads");
    await settle();
    await server.last.answer([1], 'W/"1"');
    const { data } = first.last;
    first.end();
    await clock.advance(5 * minute);
    const second = watch(cache, "a|/ads");
    assert.equal(second.seen[0].data, data);
    assert.equal(second.seen[0].isFetching, true);
    assert.equal(second.seen[0].isStale, true);
    await settle();
    assert.equal(server.last.etag, 'W/"1"');
    await server.last.notModified();
    assert.equal(second.last.data, data, "the very same object: nothing has to be drawn anew");
    assert.equal(second.last.isStale, false);
    assert.equal(second.last.updatedAt, clock.time);
});

test("all subscribers of a key share one request", async () => {
    const { cache, server } = await page();
    const views = [watch(cache, "a|/ads"), watch(cache, "a|/ads"), watch(cache, "a|/ads")];
    watch(cache, "a|/campaigns");
    await settle();
    assert.deepEqual(server.requests.map(({ key }) => key).sort(), ["a|/ads", "a|/campaigns"]);
    await server.requests.find(({ key }) => key === "a|/ads").answer([1]);
    for (const view of views) assert.deepEqual(view.last.data, [1]);
});

test("a request is cancelled without subscribers, but not if the next view needs the same", async () => {
    const { cache, server, clock } = await page();
    const first = watch(cache, "a|/ads");
    const second = watch(cache, "a|/ads");
    await settle();
    first.end();
    await clock.advance(1);
    assert.equal(server.last.signal.aborted, false);
    second.end();
    const third = watch(cache, "a|/ads");
    await clock.advance(1);
    assert.equal(server.last.signal.aborted, false);
    third.end();
    third.end();
    await clock.advance(1);
    assert.equal(server.last.signal.aborted, true);
    assert.equal(server.requests.length, 1);
    const fourth = watch(cache, "a|/ads");
    await settle();
    assert.equal(server.requests.length, 2);
    assert.equal(fourth.last.error, null, "that it was called off is no error");
});

test("data that is unused for thirty minutes is dropped, in memory and in the storage", async () => {
    const { cache, server, clock, storage } = await page();
    const view = watch(cache, "a|/ads");
    await settle();
    await server.last.answer([1]);
    await clock.advance(60 * minute);
    assert.deepEqual(cache.peek("a|/ads").data, [1], "not while somebody looks");
    view.end();
    await clock.advance(30 * minute - 1);
    assert.deepEqual(cache.peek("a|/ads").data, [1]);
    await clock.advance(2);
    assert.equal(cache.peek("a|/ads").data, undefined);
    assert.equal(storage.all.size, 0);
});

test("a new subscriber keeps data from being dropped", async () => {
    const { cache, server, clock } = await page();
    const first = watch(cache, "a|/ads");
    await settle();
    await server.last.answer([1]);
    first.end();
    await clock.advance(29 * minute);
    watch(cache, "a|/ads");
    await clock.advance(10 * minute);
    assert.deepEqual(cache.peek("a|/ads").data, [1]);
});

test("after a reload a stored response is shown at once, and requested with its tag only if it is stale", async () => {
    const before = await page();
    watch(before.cache, "a|/ads");
    await settle();
    await before.server.last.answer({ ads: ["<img onerror>"] }, 'W/"7"');
    await before.clock.advance(2 * minute);

    const fresh = await page(before);
    const view = watch(fresh.cache, "a|/ads");
    await settle();
    assert.deepEqual(view.last.data, { ads: ["<img onerror>"] });
    assert.equal(view.last.isStale, false);
    assert.equal(view.last.isFetching, false);
    assert.equal(fresh.server.requests.length, 0);

    await before.clock.advance(4 * minute);
    const stale = await page(before);
    const later = watch(stale.cache, "a|/ads");
    await settle();
    assert.deepEqual(later.last.data, { ads: ["<img onerror>"] });
    assert.equal(later.last.isFetching, true);
    assert.equal(stale.server.last.etag, 'W/"7"');
    await stale.server.last.notModified();

    const third = await page(before);
    const last = watch(third.cache, "a|/ads");
    await settle();
    assert.equal(last.last.isStale, false, "that it was confirmed is kept, too");
    assert.deepEqual(last.last.data, { ads: ["<img onerror>"] });
});

test("a response that was invalidated before it was read from the storage is stale", async () => {
    const before = await page();
    watch(before.cache, "a|/ads");
    await settle();
    await before.server.last.answer({ ads: [1] });
    await before.clock.advance(minute);

    const after = await page(before);
    after.cache.invalidate("a|");
    const view = watch(after.cache, "a|/ads");
    const other = watch(after.cache, "b|/ads");
    await settle();
    assert.deepEqual(view.last.data, { ads: [1] });
    assert.equal(view.last.isFetching, true);
    await after.server.requests.find(({ key }) => key === "a|/ads").answer({ ads: [2] });
    assert.deepEqual(view.last.data, { ads: [2] });
    assert.equal(view.last.isStale, false);
    assert.equal(other.last.data, undefined);
});

test("responses kept for another person are not shown", async () => {
    const before = await page({ user: "ada" });
    watch(before.cache, "a|/ads");
    await settle();
    await before.server.last.answer(["secret"]);
    const other = await page({ ...before, user: "bob" });
    const view = watch(other.cache, "a|/ads");
    await settle();
    assert.equal(view.last.data, undefined);
    assert.equal(before.storage.all.size, 0);
});

test("signing out forgets everything, including running requests", async () => {
    const { cache, server, storage, clock } = await page();
    const view = watch(cache, "a|/ads");
    await settle();
    await server.last.answer(["secret"], 'W/"1"');
    cache.refetch("a|/ads");
    await settle();
    const late = server.last;
    await cache.clear();
    assert.equal(late.signal.aborted, true);
    await late.answer(["late"]);
    assert.equal(cache.peek("a|/ads").data, undefined);
    assert.equal(storage.all.size, 0);
    view.end();
    await clock.advance(60 * minute);
    assert.equal(storage.all.size, 0);
    watch(cache, "a|/ads");
    await settle();
    await server.last.answer(["nobody's"]);
    assert.equal(storage.all.size, 0, "until somebody signs in nothing is kept");
});

test("an error is reported with the data; the next success removes it", async () => {
    const { cache, server, clock } = await page();
    const view = watch(cache, "a|/ads");
    await settle();
    await server.last.answer([1]);
    cache.refetch("a|/ads");
    await settle();
    await server.last.fail(404);
    assert.deepEqual(view.last.data, [1]);
    assert.equal(view.last.error.status, 404);
    assert.equal(view.last.isFetching, false);
    await clock.advance(1);
    cache.refresh();
    await settle();
    await server.last.answer([2]);
    assert.equal(view.last.error, null);
    assert.deepEqual(view.last.data, [2]);
});

for (const status of [400, 401, 403, 404, 409, 415]) {
    test(`status ${status} is never tried again`, async () => {
        const { cache, server, clock } = await page();
        const view = watch(cache, "a|/ads");
        await settle();
        await server.last.fail(status);
        await clock.advance(10 * minute);
        assert.equal(server.requests.length, 1);
        assert.equal(view.last.error.status, status);
    });
}

for (const status of [0, 500, 503, 429]) {
    test(`status ${status} is tried again after 1, 2 and 4 seconds, then shown`, async () => {
        const { cache, server, clock } = await page();
        const view = watch(cache, "a|/ads");
        await settle();
        for (const [count, pause] of [[1, 1_000], [2, 2_000], [3, 4_000]]) {
            await server.last.fail(status);
            assert.equal(view.last.error, null);
            await clock.advance(pause - 1);
            assert.equal(server.requests.length, count);
            await clock.advance(1);
            assert.equal(server.requests.length, count + 1);
        }
        await server.last.fail(status);
        assert.equal(view.last.error.status, status);
        assert.equal(view.last.isFetching, false);
        await clock.advance(10 * minute);
        assert.equal(server.requests.length, 4);
    });
}

test("a retry waits for Retry-After, unless that is too long", async () => {
    const { cache, server, clock } = await page();
    const view = watch(cache, "a|/ads");
    await settle();
    await server.last.fail(429, 7);
    await clock.advance(6_999);
    assert.equal(server.requests.length, 1);
    await clock.advance(1);
    assert.equal(server.requests.length, 2);
    await server.last.fail(503, 300);
    assert.equal(view.last.error.retryAfter, 300);
    await clock.advance(minute);
    assert.equal(server.requests.length, 2);
});

test("the pause before a retry ends with its last subscriber", async () => {
    const { cache, server, clock } = await page();
    const view = watch(cache, "a|/ads");
    await settle();
    await server.last.fail(503);
    view.end();
    await clock.advance(minute);
    assert.equal(server.requests.length, 1);
});

test("offline nothing is retried; when the network is back, everything is at once", async () => {
    let isOnline = false;
    const { cache, server, clock } = await page({ isOnline: () => isOnline });
    const view = watch(cache, "a|/ads");
    await settle();
    await server.last.fail(0);
    assert.equal(view.last.error.status, 0);
    await clock.advance(minute);
    assert.equal(server.requests.length, 1);
    isOnline = true;
    cache.refresh();
    await settle();
    await server.last.answer([1]);
    assert.deepEqual(view.last.data, [1]);
});

test("focus ends the pause before a retry", async () => {
    const { cache, server } = await page();
    watch(cache, "a|/ads");
    await settle();
    await server.last.fail(503);
    cache.refresh();
    await settle();
    assert.equal(server.requests.length, 2);
});

test("focus requests stale data with subscribers, and nothing else", async () => {
    const { cache, server, clock } = await page();
    watch(cache, "a|/ads");
    const left = watch(cache, "a|/campaigns");
    await settle();
    for (const request of server.requests) await request.answer([1]);
    left.end();
    await clock.advance(minute);
    cache.refresh();
    await settle();
    assert.equal(server.requests.length, 2, "all is fresh");
    await clock.advance(4 * minute);
    cache.refresh();
    await settle();
    assert.deepEqual(server.requests.slice(2).map(({ key }) => key), ["a|/ads"]);
});

test("invalidation by prefix requests data with subscribers, and other data with its next subscriber", async () => {
    const { cache, server } = await page();
    const ads = watch(cache, "a|/ads");
    const left = watch(cache, "a|/campaigns");
    const other = watch(cache, "ab|/ads");
    await settle();
    for (const request of server.requests) await request.answer([1], 'W/"1"');
    left.end();
    cache.invalidate("a|");
    await settle();
    assert.deepEqual(server.requests.slice(3).map(({ key }) => key), ["a|/ads"]);
    assert.deepEqual(ads.last.data, [1], "the old data stays until the new is there");
    await server.last.answer([2], 'W/"2"');
    assert.deepEqual(ads.last.data, [2]);
    assert.equal(other.last.isStale, false);
    const back = watch(cache, "a|/campaigns");
    assert.deepEqual(back.seen[0].data, [1]);
    assert.equal(back.seen[0].isFetching, true);
});

test("a response to a request from before an invalidation is shown, and requested again", async () => {
    const { cache, server } = await page();
    const view = watch(cache, "a|/ads");
    await settle();
    const early = server.last;
    cache.invalidate("a|");
    await settle();
    assert.equal(server.requests.length, 1, "one at a time");
    await early.answer(["old"], 'W/"old"');
    assert.deepEqual(view.last.data, ["old"]);
    assert.equal(view.last.isFetching, true);
    assert.equal(server.requests.length, 2);
    await server.last.answer(["new"], 'W/"new"');
    assert.deepEqual(view.last.data, ["new"]);
    assert.equal(view.last.isStale, false);
    assert.equal(server.requests.length, 2);
});

test("responses that the server sent before a time are stale by its clock, however wrong the browser's is", async () => {
    const synced = Date.parse("2031-01-01T00:00:00Z");
    const { cache, server, sent } = await page();
    const ads = watch(cache, "a|/ads");
    const left = watch(cache, "a|/campaigns");
    const other = watch(cache, "b|/ads");
    await settle();
    await server.requests[0].answer(["old"], 'W/"1"', synced);
    await server.requests[1].answer(["left"], 'W/"1"', synced - 1_000);
    await server.requests[2].answer(["other"], 'W/"1"', synced);
    left.end();
    cache.expire("a|", synced - 1_000);
    await settle();
    assert.equal(server.requests.length, 3, "sent later, or not on screen");
    cache.expire("a|", synced);
    await settle();
    assert.deepEqual(server.requests.slice(3).map(({ key }) => key), ["a|/ads"]);
    cache.expire("a|", synced + 1);
    await server.last.notModified(synced + 1_000);
    cache.expire("a|", synced);
    await settle();
    assert.equal(server.requests.length, 4, "the response to a running request is younger");
    assert.equal(ads.last.isStale, false);
    assert.equal(other.last.isStale, false);
    assert.equal(cache.peek("a|/campaigns").isStale, true);
    assert.deepEqual(sent.map(({ type, moment }) => [type, moment - synced]), [["expire", -1_000], ["expire", 0], ["expire", 1]]);
});

test("a response from before a sync is stale after a reload, also one whose time is unknown", async () => {
    const synced = Date.parse("2031-01-01T00:00:00Z");
    const before = await page();
    for (const [key, servedAt] of [["a|/old", synced], ["a|/young", synced + 1_000], ["a|/unknown", null]]) {
        watch(before.cache, key);
        await settle();
        await before.server.last.answer([key], 'W/"1"', servedAt);
    }
    const after = await page(before);
    after.cache.receive({ type: "expire", prefix: "a|", moment: synced });
    for (const key of ["a|/old", "a|/young", "a|/unknown"]) watch(after.cache, key);
    await settle();
    assert.deepEqual(after.server.requests.map(({ key }) => key), ["a|/old", "a|/unknown"]);
    assert.deepEqual(after.sent, [], "what came from another tab is not sent back");
});

test("other tabs get an invalidation once; one event is not handled twice", async () => {
    const { cache, server, sent } = await page();
    watch(cache, "a|/ads");
    await settle();
    await server.last.answer([1]);
    cache.receive({ type: "invalidate", prefix: "a|", stamp: "run 1" });
    await settle();
    assert.equal(server.requests.length, 2);
    assert.deepEqual(sent, [], "what came from another tab is not sent back");
    await server.last.answer([2]);
    cache.invalidate("a|", "run 1");
    await settle();
    assert.equal(server.requests.length, 2);
    assert.deepEqual(sent, []);
    cache.invalidate("a|", "run 2");
    await settle();
    assert.equal(server.requests.length, 3);
    assert.deepEqual(sent, [{ type: "invalidate", prefix: "a|", stamp: "run 2" }]);
    cache.receive(null);
    cache.receive({ type: "other" });
});

test("a response that is not JSON is an error like others, and leaves the data unchanged", async () => {
    const { clock, storage } = await page();
    const keeper = new KeptAnswers({ storage, now: clock.now });
    await keeper.open("ada");
    const cache = new QueryCache({ fetch: async () => ({ status: 200, text: "<html>", etag: null }), clock, keeper });
    const view = watch(cache, "a|/ads");
    await settle();
    assert.equal(view.last.error.name, "SyntaxError");
    assert.equal(view.last.isFetching, false);
    assert.equal(storage.all.size, 0);
    assert.equal(view.last.updatedAt, 0);
});

test("a damaged kept text is requested again", async () => {
    const before = await page();
    watch(before.cache, "a|/ads");
    await settle();
    await before.server.last.answer([1]);
    for (const kept of before.storage.all.values()) kept.text = "[1";
    const { cache, server } = await page({ storage: before.storage });
    const view = watch(cache, "a|/ads");
    await settle();
    assert.equal(view.last.data, undefined);
    await server.last.answer([2]);
    assert.deepEqual(view.last.data, [2]);
});

test("a failing storage costs only speed", async () => {
    const storage = new MemoryStorage();
    storage.isBroken = true;
    const { cache, server } = await page({ storage });
    const view = watch(cache, "a|/ads");
    await settle();
    await server.last.answer([1]);
    assert.deepEqual(view.last.data, [1]);
    await cache.clear();
});

test("a damaged stored response counts as missing", async () => {
    const before = await page();
    watch(before.cache, "a|/ads");
    await settle();
    await before.server.last.answer([1], 'W/"1"');
    before.storage.all.get("ada a|/ads").text = "[1";
    const { cache, server } = await page(before);
    const view = watch(cache, "a|/ads");
    await settle();
    assert.equal(view.last.data, undefined);
    assert.equal(server.last.etag, null);
    await server.last.answer([2]);
    assert.deepEqual(view.last.data, [2]);
});
