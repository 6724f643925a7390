// What each sync did, and what people changed at Facebook.

import { address, keyOf } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { duration, words } from "../lib/format.js";
import { emptyPanel, errorPanel } from "./states.js";

const triggers = { read: "a reader", cron: "the timer", manual: "somebody here", cli: "the operator" };
const outcomes = { done: ["good", "Done"], failed: ["bad", "Failed"], interrupted: ["waiting", "Interrupted"] };

/** @param {import("../app.js").App} app */
export function syncs(app, account) {
    const formats = app.formats(account.currency);
    const id = account.facebook_id;
    const runsKey = keyOf(id, address("/api/sync/runs", { adAccountId: id, limit: 50 }));
    const changesKey = keyOf(id, address("/api/changes", { adAccountId: id, limit: 100 }));
    const runs = h("div.list-body");
    const changes = h("div.list-body");
    const element = h("div.view.scrolls", {},
        h("div.bar", {}, h("h1", {}, "Syncs")),
        h("section.card", { "aria-labelledby": "runs" }, h("h2", { id: "runs" }, "The last syncs"), runs),
        h("section.card", { "aria-labelledby": "changes" }, h("h2", { id: "changes" }, "What was changed at Facebook"), changes));

    const ends = [
        app.cache.subscribe(runsKey, (snapshot) => show(runs, runsKey, snapshot, snapshot.data?.runs, runTable,
            ["No sync yet", "The first one brings the account’s campaigns, ad sets and ads."])),
        app.cache.subscribe(changesKey, (snapshot) => show(changes, changesKey, snapshot, snapshot.data?.changes, changeTable,
            ["Nothing was changed", "Changes of names, statuses, budgets and schedules appear here once a sync has seen them."])),
    ];

    function show(body, key, snapshot, rows, table, nothing) {
        app.notices.set(`list ${key}`, rows ? snapshot.error : null, snapshot);
        if (rows) fill(body, rows.length > 0 ? table(rows) : emptyPanel(...nothing));
        else if (snapshot.error) fill(body, errorPanel(snapshot.error, () => app.cache.refetch(key)));
        else fill(body, Array.from({ length: 6 }, () => h("div.bone-line", { "aria-hidden": "true" }, h("span.bone"))));
    }

    function runTable(rows) {
        const numbers = [["campaigns", "Campaigns"], ["adSets", "Ad sets"], ["ads", "Ads"], ["insights", "Results"],
            ["rowsChanged", "Changed"], ["rowsGone", "Gone"], ["apiCalls", "Calls"], ["retries", "Retries"], ["waits", "Waits"]];
        return scrolling("The last syncs", h("table.plain", {},
            h("thead", {}, h("tr", {}, ["Begun", "By", "Outcome", "Took"].map((label) => h("th", { scope: "col" }, label)),
                numbers.map(([, label]) => h("th.number", { scope: "col" }, label)))),
            h("tbody", {}, rows.map((run) => {
                const [tone, label] = outcomes[run.outcome] ?? ["waiting", run.startedAt ? "Under way" : "Waiting"];
                const took = run.startedAt && run.finishedAt ? duration((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1_000) : formats.missing;
                const told = [run.error, ...(run.warnings ?? [])].filter(Boolean);
                return [
                    h("tr", { class: told.length > 0 ? "has-more" : null },
                        h("th.nowrap", { scope: "row" }, formats.moment(run.startedAt ?? run.requestedAt)),
                        h("td.nowrap", {}, triggers[run.trigger] ?? run.trigger),
                        h("td", {}, h("span", { class: `status ${tone}` }, label)),
                        h("td.nowrap", {}, took),
                        numbers.map(([name]) => h("td.number", {}, formats.count(run[name])))),
                    told.length > 0 && h("tr.more", {}, h("td", { colspan: 4 + numbers.length }, told.map((text) => h("p", {}, h("bdi", {}, text))))),
                ];
            }))));
    }

    function changeTable(rows) {
        const value = (text, field) => (text === null || text === undefined || text === "" ? "nothing"
            : /budget|bid_amount/.test(field) && Number.isFinite(Number(text)) ? formats.money(Number(text))
                : /status/.test(field) ? words(text) : text);
        return scrolling("What was changed at Facebook", h("table.plain", {},
            h("thead", {}, h("tr", {}, ["Seen", "What", "Name", "Change"].map((label) => h("th", { scope: "col" }, label)))),
            h("tbody", {}, rows.map((change) => h("tr", {},
                h("th.nowrap", { scope: "row" }, formats.moment(change.seen_at)),
                h("td.nowrap", {}, { campaign: "Campaign", adset: "Ad set", ad: "Ad" }[change.level] ?? change.level),
                h("td.long", {}, h("bdi", {}, change.name)),
                h("td.long", {}, h("span.quiet", {}, `${words(change.field)}: `), h("bdi", {}, value(change.old, change.field)), " → ", h("bdi", {}, value(change.new, change.field))))))));
    }

    return {
        element,
        title: "Syncs",
        update() {},
        destroy: () => ends.forEach((end) => end()),
    };
}

/** Wide tables scroll by themselves, also with the keyboard. */
function scrolling(label, table) {
    return h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": label }, table);
}
