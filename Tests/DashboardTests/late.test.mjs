import assert from "node:assert/strict";
import { test } from "node:test";
import { Late, retryLate } from "../../nginx/public/lib/page/late.js";

/** A script that fails to load as often as `failures` says. */
function script(failures = 0) {
    const made = new Late(async () => {
        made.attempts += 1;
        if (made.attempts <= failures) throw new TypeError("Failed to fetch dynamically imported module");
        return "offered";
    });
    return Object.assign(made, { attempts: 0 });
}

/** Retries, and returns what happened. */
async function retried(late, isReachable) {
    const happened = [];
    await retryLate(late, {
        isReachable: async () => isReachable, reload: () => happened.push("reload"), use: () => happened.push("use"),
    });
    return happened;
}

test("a script loads once, on first use", async () => {
    const late = script();
    assert.equal(late.loaded, null);
    assert.equal(late.attempts, 0);
    assert.deepEqual(await Promise.all([late.load(), late.load()]), ["offered", "offered"]);
    assert.equal(await late.load(), "offered");
    assert.equal(late.loaded, "offered");
    assert.equal(late.attempts, 1);
});

test("a script that does not load says what to do, and the next use tries again", async () => {
    const late = script(1);
    await assert.rejects(late.load(), { message: "A part of the page didn't load.", hint: /Check your network.*upgrade/ });
    assert.equal(late.loaded, null);
    assert.equal(await late.load(), "offered");
    assert.equal(late.attempts, 2);
});

test("a retry uses the script if it loads now", async () => {
    const late = script(1);
    await assert.rejects(late.load());
    assert.deepEqual(await retried(late, true), ["use"]);
});

test("if the script still does not load, the page loads again, but not without a server", async () => {
    assert.deepEqual(await retried(script(9), true), ["reload"]);
    assert.deepEqual(await retried(script(9), false), ["use"]);
});
