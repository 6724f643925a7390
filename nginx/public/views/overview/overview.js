// An account's key figures for a range of days, their change from the days before, and the daily figures.

import { address, keyOf } from "../../lib/requests/api.js";
import { addDays, dayOf, daysBetween, rangeOf } from "../../lib/days/days.js";
import { fill, h, setText } from "../../lib/page/dom.js";
import { before, comparison, firstOpenDay, seriesOf, within } from "../../lib/days/periods.js";
import { readAt } from "../../lib/status/freshness.js";
import { unavailableMetrics } from "../../lib/status/unavailable.js";
import { dateRange } from "../../elements/date-range.js";
import { Plot } from "../../elements/plot.js";
import { HistoryNotice } from "../history.js";
import { errorPanel } from "../states.js";
import { cardWithoutNumber, metricCard } from "./cards.js";
import { DailyFigures } from "./daily-figures.js";
import { coverageOf, describeComparison, describeRange, loadedDays, openLabel } from "./notes.js";

/** Days of the plot when the range is a single day. */
const shortestPlot = 14;
/** Days of the usual request, so that common ranges share one response: today, the 30 days before it, and 30 more. */
const usualDays = 61;
/** Ranges with a button of their own. */
const quick = [["today", "Today"], ["7d", "7 days"], ["30d", "30 days"]];

/** How many of the days are whole. */
const wholeDays = (days, open) => days.filter(({ date }) => date < open).length;

/** @param {import("../../app.js").App} app */
export function overview(app, account) {
    const formats = app.formats(account.currency);
    const { metrics, isHeld, sum, compared, withRatios } = seriesOf(app.fields);
    let today = dayOf(app.now(), account.time_zone);
    const history = new HistoryNotice(app, account);
    const choices = h("div.segments", { role: "group", "aria-label": "Period" });
    const includesToday = h("input", { type: "checkbox", onchange: () => app.router.adjust({ today: includesToday.checked ? "1" : "" }) });
    const days = dateRange({
        today: () => today, longest: app.session.longestRangeDays, write: formats.days,
        onChange: (change) => app.router.adjust(change, { isStep: true }),
    });
    const note = h("p.quiet.note");
    const cards = h("div.cards", { role: "group", "aria-label": "Metric of the chart" });
    const title = h("h2");
    const legend = h("p.legend.quiet");
    const numbers = new DailyFigures();
    const plot = new Plot();
    const problem = h("div");
    const element = h("div.view.overview", {},
        h("div.bar", {}, h("h1", {}, "Overview"), h("div.tools", {},
            h("label.switch", {}, includesToday, "Changes include today"), choices, days.element)),
        note,
        problem, cards, h("section.card.plot-card", {}, title, legend, plot.element), numbers.element);
    let params = {};
    let range = rangeOf({}, today);
    let key = null;
    let unsubscribe = () => {};
    let snapshot = null;
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
        includesToday.disabled = range.to < open || range.from > today;
        const held = rows && coverageOf(within(rows, range).filter(isHeld).map(({ date }) => date), range, today);
        setText(note, [
            describeRange(range, today, formats), describeComparison(pair, range, open, today, formats), loadedDays(held, formats),
            `Account time zone: ${account.time_zone}`, refused(),
        ].filter(Boolean).join(" · "));
        if (!rows) {
            fill(problem, snapshot?.error && errorPanel(snapshot.error, () => app.cache.refetch(key)));
            const isHidden = Boolean(snapshot?.error);
            cards.hidden = plot.element.parentElement.hidden = numbers.element.hidden = isHidden;
            fill(cards, metrics.map(cardWithoutNumber));
            return;
        }
        fill(problem);
        cards.hidden = plot.element.parentElement.hidden = numbers.element.hidden = false;
        drawCards(rows, pair, metric, open);
        drawPlot(rows, metric, open);
        history.show(held, range, today);
    }

    /** Metrics that Facebook refuses, with the reason. */
    const unavailable = () => unavailableMetrics(status, "account_day");

    function refused() {
        const labels = metrics.filter(({ id }) => unavailable().has(id)).map(({ label }) => label);
        return labels.length > 0 && `Facebook does not return ${labels.join(", ")}`;
    }

    /** The tooltip of a missing number. */
    function explain(id) {
        const reason = unavailable().get(id);
        return reason ? `Not available: ${reason}` : "Not available";
    }

    function drawCards(rows, pair, metric, open) {
        const focused = cards.contains(document.activeElement) ? document.activeElement.dataset.metric : null;
        const sums = sum(within(rows, range));
        const sides = pair && compared(rows, pair);
        const days = within(rows, plotted());
        fill(cards, metrics.map((each) => metricCard({
            metric: each, isChosen: each.id === metric.id, value: sums[each.id], sides, pair, isSameRange: pair?.now.to === range.to,
            line: days.map((day) => withRatios(day)[each.id]), whole: wholeDays(days, open), write,
            writeChange: formats.change, missing: explain(each.id),
            onChoose: () => app.router.adjust({ metric: each.id === metrics[0].id ? "" : each.id }),
        })));
        if (focused) cards.querySelector(`[data-metric="${focused}"]`)?.focus();
    }

    function drawPlot(rows, metric, open) {
        const days = within(rows, plotted());
        const daysBefore = isSingle() ? [] : within(rows, before(range));
        const valuesOf = (list) => list.map((day) => withRatios(day)[metric.id]);
        const isCompared = daysBefore.length > 0 && daysBefore.length === days.length;
        const written = formats.days(plotted());
        const key = (look, text) => h("span", {}, h(`span.key.${look}`), text);
        fill(title, `${metric.label} by day`);
        fill(legend,
            key("now", written),
            isCompared && key("before", days.length === 1 ? "the day before" : `${days.length} days earlier`),
            days.some((day) => day.date >= open && isHeld(day)) && key("open", openLabel(open, today, formats)));
        plot.show({
            days: days.map(({ date }) => date),
            values: valuesOf(days),
            before: isCompared ? valuesOf(daysBefore) : null,
            whole: wholeDays(days, open),
            write: write(metric.kind, true),
            writeDay: formats.shortDay,
            label: `${metric.label} by day, ${written}. The table below has the figures.`,
        });
        numbers.show({ days: days.map(withRatios), metrics, write, writeDay: formats.weekday, explain });
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
