// An account at a glance: six numbers of three periods, each beside the period before, and the days.

import { address, keyOf } from "../lib/api.js";
import { addDays, dayOf } from "../lib/days.js";
import { fill, h } from "../lib/dom.js";
import { change, compare, daysNeeded, metrics, periods, withRatios } from "../lib/periods.js";
import { Plot, sparkline } from "../elements/plot.js";
import { errorPanel } from "./states.js";

/** Days of the plot when the period is a single one. */
const shortestPlot = 14;

/** @param {import("../app.js").App} app */
export function overview(app, account) {
    const formats = app.formats(account.currency);
    const today = dayOf(app.now(), account.time_zone);
    const key = keyOf(account.facebook_id, address("/api/insights", {
        adAccountId: account.facebook_id, from: addDays(today, 1 - daysNeeded), to: today,
    }));
    const choices = h("div.segments", { role: "group", "aria-label": "Period" });
    const note = h("p.quiet.note");
    const cards = h("div.cards", { role: "group", "aria-label": "What the plot shows" });
    const title = h("h2");
    const legend = h("p.legend.quiet");
    const numbers = h("details.numbers", { open: window.innerHeight >= 900, ontoggle: () => drawNumbers() }, h("summary", {}, "The numbers of each day"));
    const plot = new Plot();
    const problem = h("div");
    const element = h("div.view.overview", {},
        h("div.bar", {}, h("h1", {}, "Overview"), choices),
        note,
        problem, cards, h("section.card.plot-card", {}, title, legend, plot.element), numbers);
    let params = {};
    let snapshot = null;
    let shown = [];

    const write = (kind, isShort = false) => ({
        money: isShort ? formats.shortMoney : formats.money,
        count: isShort ? formats.shortCount : formats.count,
        percent: formats.percent,
        times: formats.times,
    })[kind];

    function draw() {
        const period = periods.find(({ id }) => id === params.period) ?? periods[1];
        const metric = metrics.find(({ id }) => id === params.metric) ?? metrics[0];
        const rows = snapshot?.data?.insights;
        fill(choices, periods.map(({ id, label }) => h("button", {
            type: "button", "aria-pressed": String(id === period.id), "data-focus": id,
            onclick: () => app.router.adjust({ period: id === periods[1].id ? "" : id }),
        }, label)));
        fill(note, period.days === 1 ? `Today so far, beside ${period.before}.`
            : `The last ${period.days} days with today so far, beside ${period.before}.`,
        ` Days are those of ${account.time_zone}.`);
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
        drawCards(rows, period, metric);
        drawPlot(rows, period, metric);
    }

    function drawCards(rows, period, metric) {
        const focused = cards.contains(document.activeElement) ? document.activeElement.dataset.metric : null;
        const { now, then, days } = compare(rows, today, period.days);
        const spark = period.days === 1 ? rows.slice(-shortestPlot) : days;
        fill(cards, metrics.map(({ id, label, kind, better }) => {
            const grown = change(now[id], then[id]);
            const tone = better === 0 || grown === null || period.days === 1 || Math.abs(grown) < 0.0005 ? "" : grown > 0 ? " good" : " bad";
            return h("button.card.metric", {
                type: "button", "data-metric": id, "aria-pressed": String(id === metric.id),
                onclick: () => app.router.adjust({ metric: id === metrics[0].id ? "" : id }),
            },
            h("span.label", {}, label),
            h("span.value", {}, write(kind)(now[id])),
            h("span", { class: `delta${tone}` },
                period.days > 1 && grown !== null ? h("strong", {}, `${formats.change(grown)} `) : "",
                `from ${write(kind, kind === "count" || kind === "money")(then[id])}`),
            sparkline(spark.map((day) => withRatios(day)[id] ?? 0)));
        }));
        if (focused) cards.querySelector(`[data-metric="${focused}"]`)?.focus();
    }

    function drawPlot(rows, period, metric) {
        const count = Math.max(period.days, period.days === 1 ? shortestPlot : 0);
        const { days, daysBefore } = compare(rows, today, count);
        const valuesOf = (list) => list.map((day) => withRatios(day)[metric.id]);
        const isCompared = period.days > 1 && daysBefore.length === days.length;
        const words = `${metric.label}, each of the last ${count} days`;
        fill(title, `${metric.label} by day`);
        fill(legend, isCompared
            ? [h("span.key.now"), `Last ${count} days `, h("span.key.before"), period.before]
            : `Last ${count} days`);
        plot.show({
            days: days.map(({ date }) => date),
            values: valuesOf(days),
            before: isCompared ? valuesOf(daysBefore) : null,
            write: write(metric.kind, true),
            writeDay: formats.shortDay,
            label: `${words}. The numbers stand below.`,
        });
        shown = days;
        drawNumbers();
    }

    /** Only when somebody wants to see them. */
    function drawNumbers() {
        if (!numbers.open || shown.length === 0) return;
        const table = h("table.plain", {},
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Day"),
                metrics.map(({ label }) => h("th.number", { scope: "col" }, label)))),
            h("tbody", {}, shown.toReversed().map((day) => {
                const full = withRatios(day);
                return h("tr", {}, h("th", { scope: "row" }, formats.weekday(day.date)),
                    metrics.map(({ id, kind }) => h("td.number", {}, write(kind)(full[id]))));
            })));
        fill(numbers, numbers.firstElementChild, h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": "Numbers of each day" }, table));
    }

    const unsubscribe = app.cache.subscribe(key, (next) => {
        const isSame = snapshot && snapshot.data === next.data && snapshot.error === next.error;
        snapshot = next;
        app.notices.set("view", next.data ? next.error : null, next);
        if (!isSame) draw();
    });

    return {
        element,
        title: "Overview",
        update(place) {
            const focused = choices.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
            params = place.params;
            draw();
            if (focused) choices.querySelector(`[data-focus="${focused}"]`)?.focus();
        },
        destroy() {
            unsubscribe();
            plot.destroy();
        },
    };
}
