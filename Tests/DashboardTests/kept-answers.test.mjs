import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptAnswers } from "../../nginx/public/lib/requests/kept-answers.js";
import { FakeClock, MemoryStorage, settle } from "./support.mjs";

async function opened(options = {}) {
    const clock = new FakeClock();
    const storage = new MemoryStorage();
    const kept = new KeptAnswers({ storage, now: clock.now, ...options });
    await kept.open("ada");
    return { clock, storage, kept };
}

const of = (clock, text) => ({ text, etag: null, updatedAt: clock.time });

test("the oldest responses are removed for new ones", async () => {
    const { clock, storage, kept } = await opened({ maxSize: 30 });
    for (const name of ["one", "two", "three", "four"]) {
        await kept.put(name, of(clock, '"12345678"'));
        clock.time += 1;
    }
    assert.deepEqual([...storage.all.keys()], ["ada two", "ada three", "ada four"]);
    assert.equal(await kept.get("one"), null);
    assert.equal((await kept.get("four")).text, '"12345678"');
});

test("a response that would take more than half of the space is not stored", async () => {
    const { clock, storage, kept } = await opened({ maxSize: 30 });
    await kept.put("small", of(clock, '"1"'));
    await kept.put("large", of(clock, `"${"x".repeat(20)}"`));
    assert.deepEqual([...storage.all.keys()], ["ada small"]);
});

test("after the storage was full, less is stored", async () => {
    const { clock, storage, kept } = await opened({ maxSize: 40 });
    storage.failure = new DOMException("full", "QuotaExceededError");
    await kept.put("one", of(clock, '"12345678"'));
    assert.equal(storage.all.size, 0);
    assert.equal(await kept.get("one"), null);
    for (const name of ["two", "three", "four"]) {
        clock.time += 1;
        await kept.put(name, of(clock, '"12345678"'));
    }
    assert.deepEqual([...storage.all.keys()], ["ada three", "ada four"]);
});

test("a confirmed response is stored without writing its text again", async () => {
    const { clock, kept, storage } = await opened();
    await kept.put("one", { text: "[1]", etag: 'W/"1"', updatedAt: clock.time });
    clock.time += 1_000;
    await kept.put("one", { text: null, etag: 'W/"1"', updatedAt: clock.time, servedAt: 7_000 });
    assert.deepEqual(await kept.get("one"), { text: "[1]", etag: 'W/"1"', updatedAt: clock.time, servedAt: 7_000 });
    await kept.put("unknown", { text: null, etag: 'W/"1"', updatedAt: clock.time });
    assert.equal(storage.all.size, 1);
});

test("a response older than half an hour, or from the future, is not used, and the next page removes it", async () => {
    const { clock, kept, storage } = await opened();
    await kept.put("old", of(clock, "1"));
    await kept.put("future", { text: "2", etag: null, updatedAt: clock.time + 3_600_000 });
    clock.time += 30 * 60_000;
    assert.equal(await kept.get("old"), null);
    assert.equal(await kept.get("future"), null);
    const next = new KeptAnswers({ storage, now: clock.now });
    await next.open("ada");
    assert.equal(storage.all.size, 0);
});

test("an id that starts with another person's id gives no access to their data", async () => {
    const { clock, kept, storage } = await opened();
    await kept.put("one", of(clock, "1"));
    const other = new KeptAnswers({ storage, now: clock.now });
    await other.open("ad");
    assert.equal(await other.get("a one"), null);
    assert.equal(storage.all.size, 0);
});

test("nothing is stored before signing in and after signing out", async () => {
    const clock = new FakeClock();
    const storage = new MemoryStorage();
    const kept = new KeptAnswers({ storage, now: clock.now });
    await kept.put("one", of(clock, "1"));
    assert.equal(storage.all.size, 0);
    await kept.open("ada");
    await kept.put("one", of(clock, "1"));
    await kept.clear();
    assert.equal(storage.all.size, 0);
    await kept.put("one", of(clock, "1"));
    assert.equal(storage.all.size, 0);
    await kept.remove("one");
});

test("responses that are read early are those of the person who is signed in, and each is read early once", async () => {
    const { clock, kept, storage } = await opened();
    await kept.put("|/one", of(clock, "1"));
    await kept.put("|/two", of(clock, "2"));
    const next = new KeptAnswers({ storage, now: clock.now });
    next.prepare(["|/one"]);
    assert.equal(await next.isPrepared("|/one"), true);
    assert.equal(await next.isPrepared("|/two"), false);
    storage.get = async () => null;
    next.open("ada");
    assert.equal((await next.get("|/one")).text, "1");
    assert.equal(await next.get("|/one"), null);
    assert.equal(await next.get("|/two"), null);
    const other = new KeptAnswers({ storage, now: clock.now });
    other.prepare(["|/one"]);
    other.open("bob");
    assert.equal(await other.get("|/one"), null);
});

test("a newer response replaces the one that was read early", async () => {
    const { clock, kept, storage } = await opened();
    await kept.put("|/one", of(clock, "1"));
    const next = new KeptAnswers({ storage, now: clock.now });
    next.prepare(["|/one"]);
    await next.open("ada");
    await next.put("|/one", of(clock, "2"));
    assert.equal((await next.get("|/one")).text, "2");
});

test("without a storage nothing is prepared", async () => {
    const { clock, storage } = await opened();
    storage.isBroken = true;
    const next = new KeptAnswers({ storage, now: clock.now });
    next.prepare(["|/one"]);
    assert.equal(await next.isPrepared("|/one"), false);
    await next.open("ada");
    assert.equal(await next.get("|/one"), null);
});

test("a response is stored once the page is idle, unless the person has signed out by then", async () => {
    let rest;
    const idle = () => new Promise((resolve) => (rest = resolve));
    const { clock, kept, storage } = await opened({ idle });
    const first = kept.put("one", of(clock, "1"));
    await settle();
    assert.equal(storage.all.size, 0);
    rest();
    await first;
    assert.deepEqual([...storage.all.keys()], ["ada one"]);
    const second = kept.put("two", of(clock, "2"));
    await settle();
    await kept.clear();
    rest();
    await second;
    assert.equal(storage.all.size, 0);
});

test("signing out while the responses are being opened leaves them closed", async () => {
    const { clock, kept, storage } = await opened();
    await kept.put("one", of(clock, "1"));
    const opening = kept.open("ada");
    await kept.clear();
    await opening;
    await kept.put("one", of(clock, "2"));
    assert.equal(storage.all.size, 0);
});
