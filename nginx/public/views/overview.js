// An account's key figures for a range of days, their change from the days before, and the daily figures.

import { address, keyOf } from "../lib/api.js";
import { addDays, dayOf, daysBetween, presets, rangeOf } from "../lib/days.js";
import { fill, h, setText } from "../lib/dom.js";
import { before, change, comparison, firstOpenDay, seriesOf, within } from "../lib/periods.js";
import { readAt } from "../lib/freshness.js";
import { unavailableMetrics } from "../lib/unavailable.js";
import { dateRange } from "../elements/date-range.js";
import { Plot, sparkline } from "../elements/plot.js";
import { HistoryNotice } from "./history.js";
import { errorPanel } from "./states.js";

/** Days of the plot when the range is a single day. */
const shortestPlot = 14;
/** Days of the usual request, so that common ranges share one response: today, the 30 days before it, and 30 more. */
const usualDays = 61;
/** Ranges with a button of their own. */
const quick = [["today", "Today"], ["7d", "7 days"], ["30d", "30 days"]];

/** @param {import("../app.js").App} app */
export function overview(app, account) {
    const formats = app.formats(account.currency);
    const { metrics, isHeld, sum, compared, withRatios } = seriesOf(app.fields);
    let today = dayOf(app.now(), account.time_zone);
    const history = new HistoryNotice(app, account);
    const choices = h("div.segments", { role: "group", "aria-label": "Period" });
    const includesToday = h("input", { type: "checkbox", onchange: () => app.router.adjust({ today: includesToday.checked ? "1" : "" }) });
    const days = dateRange({
        today: () => today, longest: app.session.longestRangeDays, write: formats.days,
        onChange: (wish) => app.router.adjust(wish, { isStep: true }),
    });
    const note = h("p.quiet.note");
    const cards = h("div.cards", { role: "group", "aria-label": "Metric of the chart" });
    const title = h("h2");
    const legend = h("p.legend.quiet");
    const numbers = h("details.numbers", { open: window.innerHeight >= 900, ontoggle: () => drawNumbers() }, h("summary", {}, "Daily figures"));
    const plot = new Plot();
    const problem = h("div");
    const element = h("div.view.overview", {},
        h("div.bar", {}, h("h1", {}, "Overview"), h("div.tools", {},
            h("label.switch", {}, includesToday, "Include today"), choices, days.element)),
        note,
        problem, cards, h("section.card.plot-card", {}, title, legend, plot.element), numbers);
    let params = {};
    let range = rangeOf({}, today);
    let key = null;
    let unsubscribe = () => {};
    let snapshot = null;
    let shown = [];
    let status = null;

    const write = (kind, isShort = false) => ({
        money: isShort ? formats.shortMoney : formats.money,
        count: isShort ? formats.shortCount : formats.count,
        percent: formats.percent,
        times: formats.times,
    })[kind];

    // --- The request ---

    /** Requests the days of the range, of the plot, and those they are compared with. */
    function listen() {
        // Where the last days are not whole, earlier ones are compared.
        const first = addDays(before(plotted()).from, -Math.max(1, daysBetween(firstOpen(), range.to)));
        const usual = { from: addDays(today, 1 - usualDays), to: today };
        let asked = first >= usual.from && range.to <= today ? usual : { from: first, to: range.to };
        if (daysBetween(asked.from, asked.to) > app.session.longestRangeDays) asked = { from: range.from, to: range.to };
        const wanted = keyOf(account.facebook_id, address("/api/insights", { adAccountId: account.facebook_id, ...asked }));
        if (wanted === key) return;
        key = wanted;
        snapshot = null;
        const leave = unsubscribe;
        unsubscribe = app.cache.subscribe(key, (next) => {
            const isSame = snapshot && snapshot.data === next.data && snapshot.error === next.error;
            snapshot = next;
            app.notices.set("view", next.data ? next.error : null, next);
            app.showAge(next, ["accountDays"]);
            if (!isSame) draw();
        });
        leave();
    }

    /** The first day that is not whole, as far as is known: the data on screen may be from before the last sync. */
    function firstOpen() {
        const { whole_to: wholeTo } = snapshot?.data?.coverage ?? {};
        if (wholeTo && addDays(wholeTo, 1) < today) return addDays(wholeTo, 1);
        const read = status ? readAt(status, ["accountDays"]) : Date.parse(account.last_synced_at ?? "");
        const moments = [read, snapshot?.data && app.serverTime(snapshot.updatedAt)].filter(Number.isFinite);
        return firstOpenDay(moments.length > 0 ? Math.min(...moments) : null, account.time_zone, today);
    }

    const isSingle = () => range.from === range.to;
    const plotted = () => (isSingle() ? { from: addDays(range.to, 1 - shortestPlot), to: range.to } : range);

    // --- Drawing ---

    function draw() {
        const metric = metrics.find(({ id }) => id === params.metric) ?? metrics[0];
        const rows = snapshot?.data?.insights;
        const open = firstOpen();
        const pair = comparison(range, open, params.today === "1");
        fill(choices, quick.map(([id, label]) => h("button", {
            type: "button", "aria-pressed": String(id === range.preset), "data-focus": id,
            onclick: () => app.router.adjust({ period: "", from: "", to: "", range: id === "30d" ? "" : id }),
        }, label)));
        includesToday.checked = params.today === "1";
        includesToday.disabled = range.to < open;
        const held = rows && coverageOf(rows);
        setText(note, [
            describeRange(), describeComparison(pair, open), ...(range.preset ? [formats.days(range)] : []), ...loadedDays(held),
            `Account time zone: ${account.time_zone}`, ...refused(),
        ].join(" · "));
        if (!rows) {
            fill(problem, snapshot?.error && errorPanel(snapshot.error, () => app.cache.refetch(key)));
            const isHidden = Boolean(snapshot?.error);
            cards.hidden = plot.element.parentElement.hidden = numbers.hidden = isHidden;
            fill(cards, metrics.map(({ label }) => h("div.card.metric", { "aria-hidden": "true" },
                h("span.label", {}, label), h("span.value", {}, h("span.bone")), h("span.delta", {}, h("span.bone")))));
            return;
        }
        fill(problem);
        cards.hidden = plot.element.parentElement.hidden = numbers.hidden = false;
        drawCards(rows, pair, metric);
        drawPlot(rows, metric);
        history.show(held, range, today);
    }

    /** Which days of the range are loaded. The response has more days than the range. */
    function coverageOf(rows) {
        const held = within(rows, range).filter(isHeld).map(({ date }) => date);
        // Before the first sync after midnight, nothing of today can be loaded.
        const last = range.to < today ? range.to : held.at(-1) === today ? today : addDays(today, -1);
        const days = Math.max(0, daysBetween(range.from, last));
        return { from: held[0] ?? null, to: held.at(-1) ?? null, complete: held.length >= days, held: held.length, days };
    }

    function loadedDays(held) {
        if (!held?.from || held.complete) return [];
        const isWithout = held.held < daysBetween(held.from, held.to);
        return [`loaded: ${isWithout ? `${held.held} of ${held.days} days` : formats.days(held)}`];
    }

    /** Metrics that Facebook refuses, with the reason. */
    const unavailable = () => unavailableMetrics(status, "account_day");

    function refused() {
        const labels = metrics.filter(({ id }) => unavailable().has(id)).map(({ label }) => label);
        return labels.length > 0 ? [`Facebook does not return ${labels.join(", ")}`] : [];
    }

    /** The tooltip of a missing number. */
    function explain(id) {
        const reason = unavailable().get(id);
        return reason ? `Not available: ${reason}` : "Not available";
    }

    /** "Last 7 days, including today so far" */
    function describeRange() {
        if (range.preset === "today") return "Today so far";
        const label = presets.find(({ id }) => id === range.preset)?.label ?? formats.days(range);
        return range.to >= today ? `${label}, including today so far` : label;
    }

    /** "vs previous 7 days" */
    function describeComparison(pair, open) {
        const isToday = open === today;
        if (!pair) return isToday ? "not compared until the day is over" : `days since ${formats.day(open)} are not compared: they were last read before they were over`;
        if (pair.now.to !== range.to) return `changes compare full days: ${formats.days(pair.now)} vs ${formats.days(pair.then)}`;
        const count = daysBetween(pair.now.from, pair.now.to);
        const previous = count === 1 ? "vs previous day" : `vs previous ${count} days`;
        return pair.isWhole || isToday ? previous : `${previous} (${formats.day(open)} was last read before it was over)`;
    }

    function drawCards(rows, pair, metric) {
        const focused = cards.contains(document.activeElement) ? document.activeElement.dataset.metric : null;
        const sums = sum(within(rows, range));
        const sides = pair && compared(rows, pair);
        const spark = within(rows, plotted());
        fill(cards, metrics.map(({ id, label, kind, better }) => {
            const grown = sides ? change(sides.now[id], sides.then[id]) : null;
            // A comparison that includes a part of today gets no colour.
            const tone = better === 0 || grown === null || !pair.isWhole || Math.abs(grown) < 0.0005 ? "" : grown > 0 ? " good" : " bad";
            const short = write(kind, kind === "count" || kind === "money");
            return h("button.card.metric", {
                type: "button", "data-metric": id, "aria-pressed": String(id === metric.id),
                onclick: () => app.router.adjust({ metric: id === metrics[0].id ? "" : id }),
            },
            h("span.label", {}, label),
            h("span.value", { title: sums[id] === null ? explain(id) : null }, write(kind)(sums[id])),
            h("span", {
                class: `delta${tone}`,
                title: sides ? `${write(kind)(sides.now[id])} vs ${write(kind)(sides.then[id])}` : null,
            }, grown !== null ? h("strong", {}, `${formats.change(grown)} `) : "",
            // Without today, the change covers other days than the number above it.
            !sides ? "not compared" : pair.now.to === range.to ? `vs ${short(sides.then[id])}` : grown === null ? "" : "full days"),
            sparkline(spark.map((day) => withRatios(day)[id])));
        }));
        if (focused) cards.querySelector(`[data-metric="${focused}"]`)?.focus();
    }

    function drawPlot(rows, metric) {
        const days = within(rows, plotted());
        const daysBefore = isSingle() ? [] : within(rows, before(range));
        const valuesOf = (list) => list.map((day) => withRatios(day)[metric.id]);
        const isCompared = daysBefore.length > 0 && daysBefore.length === days.length;
        const written = formats.days(plotted());
        fill(title, `${metric.label} by day`);
        fill(legend, isCompared
            ? [h("span.key.now"), `${written} `, h("span.key.before"), formats.days(before(range))]
            : written);
        plot.show({
            days: days.map(({ date }) => date),
            values: valuesOf(days),
            before: isCompared ? valuesOf(daysBefore) : null,
            write: write(metric.kind, true),
            writeDay: formats.shortDay,
            label: `${metric.label} by day, ${written}. The table below has the figures.`,
        });
        shown = days;
        drawNumbers();
    }

    /** Draws the daily figures if they are unfolded. */
    function drawNumbers() {
        if (!numbers.open || shown.length === 0) return;
        const table = h("table.plain", {},
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Day"),
                metrics.map(({ label }) => h("th.number", { scope: "col" }, label)))),
            h("tbody", {}, shown.toReversed().map((day) => {
                const full = withRatios(day);
                return h("tr", {}, h("th", { scope: "row" }, formats.weekday(day.date)),
                    metrics.map(({ id, kind }) => h("td.number", { title: (full[id] ?? null) === null ? explain(id) : null }, write(kind)(full[id]))));
            })));
        fill(numbers, numbers.firstElementChild, h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": "Daily figures" }, table));
    }

    return {
        element,
        title: "Overview",
        update(place) {
            const focused = choices.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
            params = place.params;
            today = dayOf(app.now(), account.time_zone);
            // Old addresses have `period` instead of `range`.
            range = rangeOf(params.period && !params.range && !params.from ? { range: params.period } : params, today);
            days.show(range);
            listen();
            draw();
            if (focused) choices.querySelector(`[data-focus="${focused}"]`)?.focus();
        },
        onStatus(next) {
            const before = [firstOpen(), ...unavailable().keys()].join();
            status = next;
            history.take(next);
            if ([firstOpen(), ...unavailable().keys()].join() === before) return;
            listen();
            draw();
        },
        destroy() {
            unsubscribe();
            plot.destroy();
        },
    };
}
