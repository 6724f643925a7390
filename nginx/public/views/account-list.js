// The ad accounts of the account menu, with the age of their data and what they spent.

import { isHeldWhole } from "../lib/days/coverage.js";
import { daysBetween } from "../lib/days/days.js";
import { h } from "../lib/page/dom.js";
import { format as formatPlace } from "../lib/page/router.js";
import { accountFreshness } from "../lib/status/freshness.js";

/**
 * @param {object} options
 * @param {import("../app.js").App} options.app
 * @param {string|undefined} options.current - The open account, with `act_`.
 * @param {string} options.view - The view that the links open.
 * @param {Record<string, string>} options.params - Parameters of the links.
 * @param {() => void} options.onChoose
 */
export function accountList({ app, current, view, params, onChoose }) {
    return h("ul.choices.accounts-choice", {}, (app.accounts ?? []).map((account) => {
        const { state, label } = accountFreshness(account, app.serverTime(), app.accountsAt);
        return h("li", {}, h("a", {
            href: formatPlace({ account: account.facebook_id, view, params }),
            "aria-current": account.facebook_id === current ? "true" : null,
            onclick: onChoose,
        }, h("span", {}, h("span", { class: `dot ${state}`, "aria-hidden": "true" }), " ", h("bdi", {}, account.name)),
        h("small", {}, label, spend(account, app.formats(account.currency)))));
    }));
}

/** " · $46.1K last 30 days"; names other days if not all of these are loaded. */
function spend({ totals }, { shortMoney, days }) {
    if ((totals?.spend ?? null) === null) return "";
    const { date_start: from, date_end: to, coverage } = totals;
    const held = isHeldWhole(totals) ? `last ${daysBetween(from, to)} days` : coverage?.from ? `loaded days, ${days(coverage)}` : "loaded days";
    return ` · ${shortMoney(totals.spend)} ${held}`;
}
