// The table of campaigns, ad sets or ads with its filters. The address holds all of its state.

import { address, keyOf } from "../lib/api.js";
import { heldInWords } from "../lib/coverage.js";
import { csv } from "../lib/csv.js";
import { dayOf, rangeOf } from "../lib/days.js";
import { fill, h, icon, icons, setText } from "../lib/dom.js";
import { words } from "../lib/format.js";
import { filterRows, formatOrder, isWorst, nextOrder, parseOrder, sortRows, totals } from "../lib/rows.js";
import { format as formatPlace } from "../lib/router.js";
import { statusFilter, statusFilters, tableOf } from "../lib/tables.js";
import { unavailableMetrics } from "../lib/unavailable.js";
import { DataTable } from "../elements/data-table.js";
import { dateRange } from "../elements/date-range.js";
import { columnMenu, chosenColumns } from "../elements/column-menu.js";
import { saveFile } from "../elements/save-file.js";
import { HistoryNotice } from "./history.js";
import { emptyPanel, errorPanel } from "./states.js";

/** @param {import("../app.js").App} app */
export function objects(app, account, view) {
    const table = tableOf(view, app.fields);
    const formats = app.formats(account.currency);
    const today = () => dayOf(app.now(), account.time_zone);
    let params = {};
    let range = rangeOf({}, today());
    let key = null;
    let asked = "";
    let unsubscribe = () => {};
    let snapshot = null;
    let visible = null;
    let columns = chosenColumns(app.preferences, view, table);
    /** The address follows the search box, and not the other way round. */
    let isTyping = false;
    let status = null;
    const history = new HistoryNotice(app, account);

    // --- Elements ---

    const search = h("input", {
        type: "search", placeholder: `Search ${table.title.toLowerCase()}`, "aria-label": `Search ${table.title.toLowerCase()} by name or id`,
        "data-search": true, maxlength: 400, spellcheck: "false",
        oninput: () => {
            isTyping = true;
            app.router.adjust({ q: search.value });
            isTyping = false;
        },
    });
    const filter = h("select", { "aria-label": "Status", onchange: () => app.router.adjust({ status: filter.value }) },
        statusFilters.map(({ id, label }) => h("option", { value: id }, label)));
    const days = dateRange({
        today, longest: app.session.longestRangeDays, write: formats.days,
        onChange: (wish) => app.router.adjust(wish, { isStep: true }),
    });
    const shape = columnMenu({
        preferences: app.preferences, view, table,
        onChange: () => {
            columns = chosenColumns(app.preferences, view, table);
            listen();
            draw();
        },
    });
    const exported = h("button.button", { type: "button", onclick: () => save(), "aria-label": "Export as CSV" },
        icon(icons.download), h("span.wide-only", {}, "CSV"));
    const trail = h("nav.trail", { "aria-label": "Breadcrumb" });
    const count = h("span.count.quiet", { role: "status" });
    const accountTotal = h("span.reconciled.quiet");
    const grid = new DataTable({
        caption: table.title,
        link: (row) => table.child && formatPlace({
            account: account.facebook_id, view: table.child, params: { ...childParams(), [table.param]: row.id },
        }),
        onSort: (column) => app.router.adjust({ sort: formatOrder(nextOrder(order(), column)) }),
        onSelect: () => draw(),
    });
    const element = h("div.view.objects", {},
        h("div.bar", {}, trail, h("div.tools", {},
            h("div.search", {}, icon(icons.search), search), filter, days.element, shape.element, exported)),
        grid.element, h("div.below", {}, count, accountTotal));

    // --- State ---

    const order = () => parseOrder(params.sort, table.columns, `-${table.spend}`);

    /** Parameters that links to other levels keep: the days. */
    const rangeParams = () => ({ range: params.range, from: params.from, to: params.to, today: params.today });
    const childParams = () => ({ ...rangeParams(), ...(view === "ad-sets" ? { campaign: params.campaign } : {}) });

    /** The members that the request has to name: those of the columns and of the order that rows do not have otherwise. */
    function fieldsAsked() {
        const ordered = table.columns.find(({ id }) => id === order().column);
        const names = [...new Set([...columns, ordered].flatMap(({ asked }) => asked ?? []))];
        return names.length > 0 ? ["default", ...names.sort()].join(",") : "";
    }

    /** The cache key of the rows. Rows of one parent come from the whole list if it is loaded, else from a request of their own. */
    function wantedKey() {
        const { asked: status } = statusFilter(params.status);
        // `totals` includes what the default filter hides, for `reconciled`.
        const all = { adAccountId: account.facebook_id, ...range.query, status, totals: status === "" ? "true" : "", fields: fieldsAsked() };
        const allKey = keyOf(account.facebook_id, address(table.path, all));
        if (!params.campaign && !params.adset) return allKey;
        const known = app.cache.peek(allKey);
        if (known.data && !known.isStale) return allKey;
        return keyOf(account.facebook_id, address(table.path, { ...all, totals: "", campaignId: params.campaign, adSetId: params.adset }));
    }

    /** Subscribes again only if the question changed. A narrow response stays in use when the whole list arrives later. */
    function listen() {
        const question = JSON.stringify([range.query, statusFilter(params.status).asked, params.campaign, params.adset, fieldsAsked()]);
        if (question === asked) return;
        asked = question;
        key = wantedKey();
        snapshot = null;
        const leave = unsubscribe;
        unsubscribe = app.cache.subscribe(key, (next) => {
            const isSame = snapshot && snapshot.data === next.data && snapshot.error === next.error;
            snapshot = next;
            app.notices.set("view", next.data ? next.error : null, next);
            app.showAge(next, parts(), range);
            grid.element.classList.toggle("refreshing", next.isFetching && next.data !== undefined);
            if (!isSame) draw();
        });
        leave();
    }

    // --- Drawing ---

    const writers = {
        text: (value) => value ?? formats.missing,
        words,
        status: words,
        money: formats.money,
        count: formats.count,
        percent: formats.percent,
        times: formats.times,
        ratio: formats.ratio,
        moment: formats.moment,
    };

    function draw() {
        const rows = snapshot?.data?.[table.member];
        const filter = statusFilter(params.status);
        visible = rows
            ? sortRows(filterRows(rows, {
                q: params.q, words: filter.words, parents: { campaign_id: params.campaign, ad_set_id: params.adset },
            }), order(), formats.compare, table.columns.find(({ id }) => id === order().column))
            : null;
        const chosen = chosenRows();
        const summed = chosen ?? visible ?? [];
        const sums = totals(summed, columns);
        // The server's totals are made of all values; some of those are in no row.
        if (!chosen && !isNarrowed()) for (const name in sums) if (name in (snapshot?.data?.totals ?? {})) sums[name] = snapshot.data.totals[name];
        const coverage = coverageOf(rows);
        // No day is loaded, so every sum is unknown, not zero.
        if (coverage?.from === null) for (const name in sums) sums[name] = null;
        grid.show({
            columns: shownColumns(),
            rows: visible,
            order: order(),
            totals: sums,
            totalLabel: chosen ? `${formats.count(chosen.length)} selected` : visible ? `Total of ${formats.count(visible.length)}` : "Total",
            write: (column, value) => writers[column.kind](value),
            explain,
            message: message(rows),
        });
        exported.disabled = !visible;
        setText(count, sentence(rows));
        setText(accountTotal, reconciled(rows));
        days.show(range, shownDays(rows));
        history.show(coverage, range, today());
        drawTrail(rows);
    }

    /** The parts of the account that the table is made of, as `GET /api/sync/status` names them. */
    const parts = () => [table.member, range.query.from ? "adDays" : table.totalsPart];

    /** The days that the numbers cover. Without days in the question they are those of the last totals that Facebook returned. */
    function shownDays(rows) {
        const { date_start: from, date_end: to } = range.query.from ? {} : rows?.[0] ?? {};
        return from && to ? { from, to } : range;
    }

    /** Which days of the range the numbers cover. */
    function coverageOf(rows) {
        const { coverage } = snapshot?.data ?? {};
        // Totals cover thirty days; only their end may be behind.
        return coverage ?? (rows?.length > 0 && !range.query.from ? { from: range.from, to: shownDays(rows).to, complete: true } : undefined);
    }

    const isNarrowed = () => Boolean(params.q || params.status || params.campaign || params.adset);
    /** The tooltip of a cell without a number. */
    function explain(column, row) {
        if (column.id === "budget") return "The budget is set on another level";
        if (isWorst(row, column)) return "Spend without results";
        const reason = unavailable().get(column.id);
        return reason ? `Not available: ${reason}` : "Not available";
    }

    /** Metrics that Facebook refuses, with the reason. */
    const unavailable = () => unavailableMetrics(status, range.query.from ? "ad_day" : table.level);

    /** Hides parent columns that the breadcrumb already names. */
    const shownColumns = () => columns.filter(({ id }) =>
        !(params.adset && id === "ad_set_name") && !((params.adset || params.campaign) && id === "campaign_name"));

    /** `null` when no row is selected. */
    function chosenRows() {
        const rows = visible && grid.selected.size > 0 ? visible.filter(({ id }) => grid.selected.has(id)) : [];
        return rows.length > 0 ? rows : null;
    }

    /** Explains how the rows on screen add up to the account's total. Empty while a filter is on. */
    function reconciled(rows) {
        const { hidden, account: whole } = snapshot?.data ?? {};
        if (!rows || !hidden || isNarrowed()) return "";
        const shown = totals(rows, [{ id: table.spend, isAdditive: true }])[table.spend];
        if (shown === null || hidden.spend === null) return "";
        const pieces = [];
        const some = table.title.toLowerCase();
        if (hidden.spend !== 0) pieces.push(`+ ${formats.money(hidden.spend)} in ${formats.count(hidden.rows)} archived or deleted ${hidden.rows === 1 ? table.one : some}`);
        const rest = whole.spend === null ? 0 : whole.spend - shown - hidden.spend;
        // Facebook rounds each row's spend to a cent.
        if (Math.abs(rest) >= 0.005) pieces.push(`${rest < 0 ? "−" : "+"} ${formats.money(Math.abs(rest))} ${Math.abs(rest) <= 0.005 * (rows.length + hidden.rows) ? "from rounding" : `not in any listed ${table.one}`}`);
        if (pieces.length === 0 || whole.spend === null) return pieces.join(" ");
        return `${formats.money(shown)} ${pieces.join(" ")} = ${formats.money(whole.spend)} account total`;
    }

    function sentence(rows) {
        if (!rows) return snapshot?.error ? "" : "Loading…";
        const shown = formats.count(visible.length);
        const some = visible.length === rows.length ? `${shown} ${visible.length === 1 ? table.one : table.title.toLowerCase()}`
            : `${shown} of ${formats.count(rows.length)} ${table.title.toLowerCase()}`;
        const refused = columns.filter(({ id }) => unavailable().has(id)).map(({ label }) => label);
        const missing = refused.length > 0 ? [`Facebook does not return ${refused.join(", ")}`] : [];
        const held = heldInWords(snapshot.data.coverage, range, today(), status, formats);
        return [some, formats.days(shownDays(rows)), ...held, ...missing].join(" · ");
    }

    function message(rows) {
        if (!rows) return snapshot?.error ? [errorPanel(snapshot.error, () => app.cache.refetch(key))] : null;
        if (visible.length > 0) return null;
        if (rows.length > 0 || params.q || params.status) {
            return [emptyPanel(`No ${table.title.toLowerCase()} match`, "Try other filters.",
                h("button.button", { type: "button", onclick: () => app.router.adjust({ q: "", status: "" }) }, "Clear filters"))];
        }
        return [emptyPanel(`No ${table.title.toLowerCase()}`, account.last_synced_at
            ? "Facebook lists none. Use the status filter to see archived and deleted ones."
            : "This account has never synced. Its first sync loads them.")];
    }

    /** Draws the breadcrumb Campaigns › Campaign › Ad set, with names from the rows. */
    function drawTrail(rows) {
        const sample = rows?.find((row) => (!params.campaign || row.campaign_id === params.campaign) && (!params.adset || row.ad_set_id === params.adset));
        const name = (text) => h("bdi", {}, text);
        const link = (target, more, text) => h("a", {
            href: formatPlace({ account: account.facebook_id, view: target, params: { ...rangeParams(), ...more } }),
        }, name(text));
        const pieces = [];
        const campaign = params.campaign ?? (params.adset && sample?.campaign_id);
        if (campaign || params.adset) {
            pieces.push(link("campaigns", {}, "Campaigns"));
            if (campaign) {
                const text = sample?.campaign_name ?? `Campaign ${campaign}`;
                pieces.push(view === "ad-sets" ? name(text) : link("ad-sets", { campaign }, text));
            }
            if (params.adset) pieces.push(name(sample?.ad_set_name ?? `Ad set ${params.adset}`));
        }
        fill(trail, pieces.length > 0
            ? h("ol", {}, pieces.map((piece, index) => h("li", { "aria-current": index === pieces.length - 1 ? "page" : null }, piece)))
            : null,
        h("h1", {}, table.title));
    }

    // --- CSV export of the rows on screen, or of the selected ones ---

    function save() {
        const rows = chosenRows() ?? visible;
        if (!rows) return;
        const { from, to } = shownDays(snapshot.data[table.member]);
        saveFile(`${view}-${account.facebook_id}-${from}-${to}.csv`, csv(rows, shownColumns(), words), "text/csv");
        app.announce("File saved.");
    }

    return {
        element,
        title: table.title,
        update(place) {
            const before = JSON.stringify([params.q, params.status, params.sort, params.campaign, params.adset]);
            params = place.params;
            range = rangeOf(params, today());
            if (!isTyping && search.value !== (params.q ?? "")) search.value = params.q ?? "";
            filter.value = statusFilter(params.status).id;
            listen();
            draw();
            if (before !== JSON.stringify([params.q, params.status, params.sort, params.campaign, params.adset])) grid.scrollToTop();
        },
        onStatus(next) {
            const before = [...unavailable().keys()].join();
            status = next;
            history.take(next);
            const rows = snapshot?.data?.[table.member];
            if ([...unavailable().keys()].join() !== before) draw();
            else if (rows && visible) setText(count, sentence(rows));
        },
        destroy() {
            unsubscribe();
            grid.destroy();
        },
    };
}
