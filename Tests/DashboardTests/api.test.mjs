import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, address, keyOf, urlOf } from "../../nginx/public/lib/requests/api.js";

/** An API whose server returns these responses, one after another. */
function api(...answers) {
    const asked = [];
    let signedOut = 0;
    const made = new Api({
        fetch: async (url, init) => {
            asked.push({ url, ...init });
            const answer = answers.shift();
            if (answer instanceof Error) throw answer;
            return answer;
        },
        onSignedOut: () => (signedOut += 1),
    });
    return { api: made, asked, get signedOut() { return signedOut; } };
}

const json = (status, body, headers = {}) => new Response(JSON.stringify(body), { status, headers });

/** A `Date` header, and its time. */
const date = { Date: "Tue, 10 Mar 2026 12:00:00 GMT" };
const servedAt = Date.UTC(2026, 2, 10, 12);

test("a read sends its tag, bypasses the browser's own cache, and returns text, tag and the server's time", async () => {
    const { api: made, asked } = api(json(200, { ads: [] }, { ETag: 'W/"2"', ...date }), json(200, {}));
    assert.deepEqual(await made.get("/api/ads", { etag: 'W/"1"' }), { status: 200, text: '{"ads":[]}', etag: 'W/"2"', servedAt });
    assert.deepEqual(await made.get("/api/ads"), { status: 200, text: "{}", etag: null, servedAt: null });
    assert.equal(asked[0].headers["If-None-Match"], 'W/"1"');
    assert.equal(asked[0].cache, "no-store");
    assert.equal(asked[0].credentials, "same-origin");
});

test("a 304 is a response, not an error", async () => {
    const { api: made } = api(new Response(null, { status: 304, headers: date }));
    assert.deepEqual(await made.get("/api/ads", { etag: 'W/"1"' }), { status: 304, servedAt });
});

test("an error has the server's message, code, hint and Retry-After", async () => {
    const { api: made } = api(json(429, { error: "Wait.", code: "RATE_LIMITED", hint: "Later." }, { "Retry-After": "30" }));
    await assert.rejects(made.get("/api/ads"), { status: 429, code: "RATE_LIMITED", message: "Wait.", hint: "Later.", retryAfter: 30 });
});

test("a proxy's HTML page is an error, too", async () => {
    const { api: made } = api(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await assert.rejects(made.get("/api/ads"), { status: 502, code: "UNKNOWN", message: "The server returned status 502.", retryAfter: null });
});

test("without a network the status is 0, and the message says what to do", async () => {
    const { api: made } = api(new TypeError("Failed to fetch"));
    await assert.rejects(made.get("/api/ads"), { status: 0, code: "OFFLINE", hint: /Check your network/ });
});

test("the end of the session is reported; a wrong password is not one", async () => {
    const bench = api(json(401, { code: "SESSION_ENDED", error: "Over." }), json(401, { code: "SIGN_IN_REFUSED", error: "Wrong." }));
    await assert.rejects(bench.api.get("/api/ads"), { code: "SESSION_ENDED" });
    assert.equal(bench.signedOut, 1);
    await assert.rejects(bench.api.send("POST", "/api/session", {}), { code: "SIGN_IN_REFUSED" });
    assert.equal(bench.signedOut, 1);
});

test("a body is sent as JSON, and no body without a type", async () => {
    const { api: made, asked } = api(json(202, { status: "started" }), json(200, { ended: 1 }));
    assert.deepEqual(await made.send("POST", "/api/sync", { adAccountId: "act_1", force: true }), { status: "started" });
    assert.equal(asked[0].method, "POST");
    assert.equal(asked[0].body, '{"adAccountId":"act_1","force":true}');
    assert.equal(asked[0].headers["Content-Type"], "application/json");
    await made.send("DELETE", "/api/session");
    assert.equal(asked[1].body, undefined);
    assert.equal(asked[1].headers["Content-Type"], undefined);
});

test("a cancelled request is aborted", async () => {
    const controller = new AbortController();
    const made = new Api({
        fetch: (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
        onSignedOut: () => {},
    });
    const answer = made.get("/api/ads", { signal: controller.signal });
    controller.abort();
    await assert.rejects(answer, { status: 0 });
});

test("a request that hangs fails after the timeout", async () => {
    const made = new Api({
        fetch: (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
        onSignedOut: () => {},
        timeout: 5,
    });
    await assert.rejects(made.get("/api/ads"), { status: 0 });
});

test("addresses are encoded, and omit parameters without a value", () => {
    assert.equal(address("/api/ads", { adAccountId: "act_1", q: "50% & more", from: undefined, to: "", status: null }), "/api/ads?adAccountId=act_1&q=50%25+%26+more");
    assert.equal(urlOf(keyOf("act_1", "/api/ads?q=a|b")), "/api/ads?q=a|b");
});
