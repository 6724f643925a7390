// The sync history and the change history of an account.

import { address, keyOf } from "../lib/requests/api.js";
import { fill, h } from "../lib/page/dom.js";
import { duration, words } from "../lib/text/format.js";
import { explained } from "../elements/explained.js";
import { emptyPanel, errorPanel } from "./states.js";

const triggers = { read: "A page view", cron: "Schedule", manual: "A user", cli: "Command line" };
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
        h("section.card", { "aria-labelledby": "runs" }, h("h2", { id: "runs" }, "Recent syncs"), runs),
        h("section.card", { "aria-labelledby": "changes" }, h("h2", { id: "changes" }, "Change history"), changes));

    const ends = [
        app.cache.subscribe(runsKey, (snapshot) => show(runs, runsKey, snapshot, snapshot.data?.runs, runTable,
            ["No syncs yet", "The first sync loads the account's campaigns, ad sets and ads."])),
        app.cache.subscribe(changesKey, (snapshot) => show(changes, changesKey, snapshot, snapshot.data?.changes, changeTable,
            ["No changes", "Changes of names, statuses, budgets and schedules appear here after the next sync."])),
    ];

    function show(body, key, snapshot, rows, table, nothing) {
        app.notices.set(`list ${key}`, rows ? snapshot.error : null, snapshot);
        if (rows) fill(body, rows.length > 0 ? table(rows) : emptyPanel(...nothing));
        else if (snapshot.error) fill(body, errorPanel(snapshot.error, () => app.cache.refetch(key)));
        else fill(body, Array.from({ length: 6 }, () => h("div.bone-line", { "aria-hidden": "true" }, h("span.bone"))));
    }

    function runTable(rows) {
        const numbers = [["campaigns", "Campaigns"], ["adSets", "Ad sets"], ["ads", "Ads"], ["insights", "Results"],
            ["rowsChanged", "Changed"], ["rowsGone", "Removed"], ["apiCalls", "Calls"], ["retries", "Retries"], ["waits", "Throttled"]];
        return scrolling("Recent syncs", h("table.plain", {},
            h("thead", {}, h("tr", {}, ["Started", "Triggered by", "Outcome", "Duration"].map((label) => h("th", { scope: "col" }, label)),
                numbers.map(([, label]) => h("th.number", { scope: "col" }, label)))),
            h("tbody", {}, rows.map((run) => {
                const [tone, label] = outcomes[run.outcome] ?? ["waiting", run.startedAt ? "Running" : "Waiting"];
                const took = run.startedAt && run.finishedAt ? duration((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1_000) : formats.missing;
                const messages = [run.error, ...(run.warnings ?? [])].filter(Boolean);
                return [
                    h("tr", { class: messages.length > 0 ? "has-more" : null },
                        h("th.nowrap", { scope: "row" }, formats.moment(run.startedAt ?? run.requestedAt)),
                        h("td.nowrap", {}, triggers[run.trigger] ?? run.trigger),
                        h("td", {}, h("span", { class: `status ${tone}` }, label)),
                        h("td.nowrap", {}, took),
                        numbers.map(([name]) => h("td.number", {}, formats.count(run[name])))),
                    messages.length > 0 && h("tr.more", {}, h("td", { colspan: 4 + numbers.length }, messages.map((text) => h("div", {}, explained(text))))),
                ];
            }))));
    }

    function changeTable(rows) {
        const value = (text, field) => (text === null || text === undefined || text === "" ? "empty"
            : /budget|bid_amount/.test(field) && Number.isFinite(Number(text)) ? formats.money(Number(text))
                : /status/.test(field) ? words(text) : text);
        return scrolling("Change history", h("table.plain", {},
            h("thead", {}, h("tr", {}, ["Seen", "Type", "Name", "Change"].map((label) => h("th", { scope: "col" }, label)))),
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

/** A wide table in a box that scrolls sideways, also with the keyboard. */
function scrolling(label, table) {
    return h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": label }, table);
}
