import assert from "node:assert/strict";
import { test } from "node:test";
import { SyncWatch } from "../../nginx/public/lib/status/sync-watch.js";
import { FakeClock, settle } from "./support.mjs";

function bench(statuses) {
    const clock = new FakeClock();
    const seen = { asked: 0, failures: 0, news: [], statuses: [], isVisible: true };
    const watch = new SyncWatch({
        account: "act_1",
        ask: async (account) => {
            assert.equal(account, "act_1");
            seen.asked += 1;
            const status = statuses.length > 1 ? statuses.shift() : statuses[0];
            if (status instanceof Error) throw status;
            return status;
        },
        clock,
        isVisible: () => seen.isVisible,
        onStatus: (status) => seen.statuses.push(status.syncStatus),
        onNews: (stamp) => seen.news.push(stamp),
        onFailure: () => (seen.failures += 1),
    });
    return { clock, seen, watch };
}

const idle = (at, run = "r1") => ({ syncStatus: "idle", lastSyncedAt: at, run: { id: run, finishedAt: at } });
const syncing = (at, run = "r2") => ({ syncStatus: "syncing", lastSyncedAt: at, run: { id: run, finishedAt: null } });

test("the status is requested every 15 seconds, during a sync every second", async () => {
    const { clock, seen, watch } = bench([idle("1"), syncing("1"), syncing("1"), idle("2", "r2")]);
    watch.look();
    await clock.advance(14_999);
    assert.equal(seen.asked, 1);
    await clock.advance(1);
    assert.equal(seen.asked, 2);
    await clock.advance(1_000);
    assert.equal(seen.asked, 3);
    await clock.advance(1_000);
    assert.deepEqual(seen.statuses, ["idle", "syncing", "syncing", "idle"]);
    assert.deepEqual(seen.news, ["r2 2 2"]);
    await clock.advance(10_000);
    assert.equal(seen.asked, 4);
});

test("the first status is no news; a commit during a sync and its end are", async () => {
    const { clock, seen, watch } = bench([syncing("1"), syncing("2"), idle("2", "r2")]);
    watch.look();
    await settle();
    assert.deepEqual(seen.news, []);
    await clock.advance(1_000);
    assert.equal(seen.news.length, 1);
    await clock.advance(1_000);
    assert.equal(seen.news.length, 2);
    assert.notEqual(seen.news[0], seen.news[1]);
});

test("older days that were committed after a sync are news", async () => {
    const past = (held) => ({ ...idle("1"), history: { days: 90, held } });
    const { clock, seen, watch } = bench([past(3), past(3), past(33)]);
    watch.look();
    await clock.advance(15_000);
    assert.deepEqual(seen.news, []);
    await clock.advance(15_000);
    assert.deepEqual(seen.news, ["r1 1 1 33"]);
});

test("a sync that started and ended between two requests is news", async () => {
    const { clock, seen, watch } = bench([idle("1"), idle("2", "r2")]);
    watch.look();
    await clock.advance(15_000);
    assert.equal(seen.news.length, 1);
});

test("a hidden page is not polled until it is visible again", async () => {
    const { clock, seen, watch } = bench([idle("1")]);
    watch.look();
    await settle();
    seen.isVisible = false;
    await clock.advance(600_000);
    assert.equal(seen.asked, 1);
    seen.isVisible = true;
    watch.look();
    await clock.advance(15_000);
    assert.equal(seen.asked, 3);
});

test("errors do not stop the requests", async () => {
    const { clock, seen, watch } = bench([new Error("away"), idle("1")]);
    watch.look();
    await clock.advance(15_000);
    assert.deepEqual(seen.statuses, ["idle"]);
    assert.equal(seen.failures, 1);
});

test("a request during another one is sent after it", async () => {
    const { clock, seen, watch } = bench([idle("1")]);
    watch.look();
    watch.look();
    watch.look();
    assert.equal(seen.asked, 1);
    await settle();
    assert.equal(seen.asked, 2);
    await clock.advance(15_000);
    assert.equal(seen.asked, 3);
});

test("an ended watch reports nothing", async () => {
    const { clock, seen, watch } = bench([idle("1"), idle("2", "r2")]);
    watch.look();
    watch.end();
    await clock.advance(60_000);
    assert.deepEqual(seen.statuses, []);
    assert.equal(seen.asked, 1);
});
