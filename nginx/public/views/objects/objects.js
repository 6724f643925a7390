// The table of campaigns, ad sets or ads. The address holds all of its state.

import { dayOf, rangeOf } from "../../lib/days/days.js";
import { fill, h, setText } from "../../lib/page/dom.js";
import { sentences, words } from "../../lib/text/format.js";
import { filterRows, formatOrder, isWorst, nextOrder, parseOrder, sortRows, totals } from "../../lib/tables/rows.js";
import { retryLate } from "../../lib/page/late.js";
import { format as formatPlace } from "../../lib/page/router.js";
import { statusFilter, tableOf } from "../../lib/tables/tables.js";
import { unavailableMetrics } from "../../lib/status/unavailable.js";
import { DataTable } from "../../elements/data-table.js";
import { chosenColumns } from "../../elements/column-menu.js";
import { HistoryNotice } from "../history.js";
import { saveRows } from "../scripts.js";
import { emptyPanel, errorPanel } from "../states.js";
import { breadcrumb } from "./breadcrumb.js";
import { Filters } from "./filters.js";
import { reconciled, sentence } from "./notes.js";
import { fieldsAsked, keysOf } from "./request.js";

/** @param {import("../../app.js").App} app */
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
    let status = null;
    const history = new HistoryNotice(app, account);

    // --- Elements ---

    const filters = new Filters({
        app, view, table, today, writeDays: formats.days,
        onColumns: () => {
            columns = chosenColumns(app.preferences, view, table);
            listen();
            draw();
        },
        onExport: () => save(),
    });
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
        h("div.bar", {}, trail, filters.element),
        grid.element, h("div.below", {}, count, accountTotal));

    // --- State ---

    const order = () => parseOrder(params.sort, table.columns, `-${table.spend}`);

    /** Parameters that links to other levels keep: the days. */
    const rangeParams = () => ({ range: params.range, from: params.from, to: params.to, today: params.today });
    const childParams = () => ({ ...rangeParams(), ...(view === "ad-sets" ? { campaign: params.campaign } : {}) });

    const sortedColumn = () => table.columns.find(({ id }) => id === order().column);
    const fields = () => fieldsAsked([...columns, sortedColumn()]);

    /** The cache key of the rows. Rows of one parent come from the whole list if it is loaded, else from a request of their own. */
    function wantedKey() {
        const { all, narrow } = keysOf(account.facebook_id, table, range.query, params, fields());
        if (!params.campaign && !params.adset) return all;
        const known = app.cache.peek(all);
        return known.data && !known.isStale ? all : narrow;
    }

    /** Subscribes again only if the question changed. A narrow response stays in use when the whole list arrives later. */
    function listen() {
        const question = JSON.stringify([range.query, statusFilter(params.status).asked, params.campaign, params.adset, fields()]);
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
        list: (value) => (value ? sentences(value) : formats.missing),
        money: formats.money,
        count: formats.count,
        results: formats.count,
        percent: formats.percent,
        times: formats.times,
        ratio: formats.ratio,
        moment: formats.moment,
        boolean: (value) => (value === null || value === undefined ? formats.missing : value ? "Yes" : "No"),
    };

    function draw() {
        const rows = snapshot?.data?.[table.member];
        const filter = statusFilter(params.status);
        visible = rows
            ? sortRows(filterRows(rows, {
                q: params.q, words: filter.words, parents: { campaign_id: params.campaign, ad_set_id: params.adset },
            }), order(), formats.compare, sortedColumn())
            : null;
        const chosen = chosenRows();
        // The server's totals are made of all values; some of those are in no row.
        const known = chosen || isNarrowed() ? {} : snapshot?.data?.totals ?? {};
        const sums = totals(chosen ?? visible ?? [], summedColumns(), known);
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
        filters.canExport = Boolean(visible);
        filters.showDays(range, shownDays(rows));
        drawCount(rows);
        setText(accountTotal, rows && snapshot.data.hidden && !isNarrowed() ? reconciled(rows, snapshot.data, table, formats) : "");
        history.show(coverage, range, today());
        fill(trail, breadcrumb({ account: account.facebook_id, view, title: table.title, params, kept: rangeParams(), rows }));
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
        if (column.id === "cost_per_result" && row.result_type && (row.results ?? null) === null) return "Results of several types, or people";
        if (isWorst(row, column)) return "Spend without results";
        const reason = unavailable().get(column.id);
        return reason ? `Not available: ${reason}` : "Not available";
    }

    /** Metrics that Facebook refuses, with the reason. */
    const unavailable = () => unavailableMetrics(status, range.query.from ? "ad_day" : table.level);

    /** Hides parent columns that the breadcrumb already names. */
    const shownColumns = () => columns.filter(({ id }) =>
        !(params.adset && id === "ad_set_name") && !((params.adset || params.campaign) && id === "campaign_name"));

    /** The columns whose totals are shown, and those that explain a missing one. */
    function summedColumns() {
        const ids = new Set(shownColumns().flatMap(({ id, cost }) => (cost ? [id, cost.of, cost.by] : [id])));
        return table.columns.filter(({ id }) => ids.has(id));
    }

    /** `null` when no row is selected. */
    function chosenRows() {
        const rows = visible && grid.selected.size > 0 ? visible.filter(({ id }) => grid.selected.has(id)) : [];
        return rows.length > 0 ? rows : null;
    }

    /** Writes how many rows and which days the table has. */
    function drawCount(rows) {
        setText(count, rows ? sentence({
            table, formats, status, range, today: today(), shown: visible.length, all: rows.length, days: shownDays(rows),
            coverage: snapshot.data.coverage, refused: columns.filter(({ id }) => unavailable().has(id)).map(({ label }) => label),
        }) : snapshot?.error ? "" : "Loading…");
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

    let isOver = false;

    async function save() {
        if (isOver) return;
        const rows = chosenRows() ?? visible;
        if (!rows) return;
        const what = [rows, shownColumns(), { view, account: account.facebook_id, days: shownDays(snapshot.data[table.member]) }];
        app.notices.set("export", null);
        let write;
        try {
            write = await saveRows.load();
        } catch ({ message, hint }) {
            if (isOver) return;
            const again = () => retryLate(saveRows, { ...app.page, use: save });
            app.notices.set("export", { tone: "bad", text: `The file wasn't saved. ${message} ${hint}`, action: { label: "Try again", onclick: again } });
            return;
        }
        if (isOver) return;
        write(...what);
        app.announce("File saved.");
    }

    return {
        element,
        title: table.title,
        update(place) {
            const before = JSON.stringify([params.q, params.status, params.sort, params.campaign, params.adset]);
            params = place.params;
            range = rangeOf(params, today());
            filters.show(params);
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
            else if (rows && visible) drawCount(rows);
        },
        destroy() {
            isOver = true;
            unsubscribe();
            grid.destroy();
        },
    };
}
