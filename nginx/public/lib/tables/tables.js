// The three tables: which columns they have, made of the server's fields, and what can be filtered.

import { words } from "../text/format.js";

/**
 * A member that rows can have, as `GET /api/fields` describes it.
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {string} description
 * @property {"count"|"money"|"ratio"|"percent"|"text"|"time"|"boolean"|"list"} kind
 * @property {boolean} additive
 * @property {string[]} levels
 * @property {string[]} default - The levels whose rows have it without being asked.
 * @property {{dividend: string, factor: number, divisor: string}|null} formula
 * @property {string|null} same_as
 * @property {string} group
 */

/**
 * @typedef {object} Column
 * @property {string} id - The member of a row.
 * @property {string} label
 * @property {"text"|"words"|"status"|"money"|"count"|"results"|"percent"|"times"|"ratio"|"moment"|"boolean"|"list"} kind
 * @property {number} width - Pixels, at least.
 * @property {boolean} [isHidden] - Unless chosen.
 * @property {string[]} [asked] - Members that rows have only when they are asked for.
 * @property {boolean} [isAdditive] - The values of all rows can be added up.
 * @property {{dividend: string, factor: number, divisor: string}} [formula] - The members that it divides.
 * @property {{of: string, by: string}} [cost] - Money divided by results.
 */

/** The columns in their order. `-` marks those that are hidden until chosen. */
const usual = {
    campaigns: "name -id effective_status -objective budget spent impressions clicks ctr cpc -cpm reach -frequency conversions cost_per_conversion",
    "ad-sets": "name -id campaign_name effective_status -optimization_goal budget spent impressions clicks ctr cpc -cpm reach conversions",
    ads: "name -id ad_set_name -campaign_name effective_status -format spend impressions clicks ctr conversions roas -engagement",
};
const last = "-created_at -updated_at";

/** How texts and ratios look that have a form of their own. */
const looks = { effective_status: "status", delivery: "status", learning: "words", objective: "words", optimization_goal: "words", format: "words", roas: "times", results: "results" };
const widths = { list: 248, text: 168, words: 168, status: 128, money: 112, count: 112, percent: 80, ratio: 100, results: 148, times: 88, moment: 168, boolean: 88 };
const ownWidths = {
    name: 248, ad_set_name: 176, campaign_name: 176, objective: 148, format: 112, budget: 120, spend: 128, spent: 128, impressions: 116,
    clicks: 100, cpc: 88, cpm: 88, reach: 100,
};

/** How the values of a field are written. */
export const lookOf = ({ name, kind }) => looks[name] ?? (kind === "time" ? "moment" : kind);

/** By view. `child` is the view that a row leads to, `param` names the row there. */
const views = {
    campaigns: { path: "/api/campaigns", member: "campaigns", level: "campaign", totalsPart: "campaignTotals", title: "Campaigns", one: "campaign", child: "ad-sets", param: "campaign" },
    "ad-sets": { path: "/api/ad-sets", member: "adSets", level: "adset", totalsPart: "adSetTotals", title: "Ad sets", one: "ad set", child: "ads", param: "adset" },
    ads: { path: "/api/ads", member: "ads", level: "ad", totalsPart: "adTotals", title: "Ads", one: "ad", child: null, param: null },
};

/**
 * The table of a view: the usual columns, and one to choose for every other metric.
 *
 * @param {"campaigns"|"ad-sets"|"ads"} view
 * @param {Field[]} fields - All fields.
 */
export function tableOf(view, fields) {
    const { level } = views[view];
    const own = fields.filter(({ levels }) => levels.includes(level));
    const byName = new Map(own.map((field) => [field.name, field]));
    // If a metric has two names, rows have it under the default one.
    const defaults = new Map(own.filter(({ same_as: name, default: levels }) => name && levels.includes(level))
        .map(({ name, same_as: other }) => [other, name]));
    const memberOf = (name) => (byName.get(name)?.default.includes(level) ? name : defaults.get(name) ?? name);
    const spend = memberOf("spend");

    const column = (name, isHidden) => {
        const field = byName.get(name);
        const kind = lookOf(field);
        const made = { id: name, label: name === "name" ? capital(views[view].one) : field.label, kind, width: ownWidths[name] ?? widths[kind] };
        if (isHidden) made.isHidden = true;
        if (field.additive) made.isAdditive = true;
        if (field.formula) {
            const { dividend, factor, divisor } = field.formula;
            made.formula = { dividend: memberOf(dividend), factor, divisor: memberOf(divisor) };
            if (made.formula.dividend === spend) made.cost = { of: spend, by: made.formula.divisor };
        }
        if (!field.default.includes(level)) {
            const parts = field.formula ? [made.formula.dividend, made.formula.divisor] : [];
            // Results are shown, and added up, with their type.
            if (name === "results" || parts.includes("results")) parts.push("result_type");
            made.asked = [name, ...parts].filter((part) => !byName.get(part).default.includes(level));
        }
        return made;
    };
    const columnsOf = (list) => list.split(" ").map((word) => [word.replace(/^-/, ""), word.startsWith("-")])
        .filter(([name]) => byName.has(name)).map(([name, isHidden]) => column(name, isHidden));
    const first = columnsOf(usual[view]);
    const isShown = new Set(first.map(({ id }) => id));
    const more = own.filter(({ name, group, same_as: other }) =>
        !isShown.has(name) && !isShown.has(memberOf(name)) && !other && name !== "result_type" && !["object", "period"].includes(group));
    return { ...views[view], spend, columns: [...first, ...more.map(({ name }) => column(name, true)), ...columnsOf(last)] };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

const pausedWords = ["PAUSED", "CAMPAIGN_PAUSED", "ADSET_PAUSED"];
const troubleWords = ["WITH_ISSUES", "DISAPPROVED", "PENDING_BILLING_INFO"];
const reviewWords = ["IN_PROCESS", "PENDING_REVIEW", "PREAPPROVED"];
/** Words of `delivery` alone. */
const tones = { LEARNING: "good", LEARNING_LIMITED: "waiting", ACCOUNT_STOPPED: "bad", NO_DELIVERY: "bad", IN_REVIEW: "waiting", SCHEDULED: "waiting" };

/**
 * Choices of the status filter. `words` are values of the API's `status` and mean the same. `asked` is the `status` of the
 * request: the page loads all rows that are not archived once and filters them here.
 */
export const statusFilters = [
    { id: "", label: "Not archived", asked: "", words: null },
    { id: "active", label: "Active", asked: "", words: ["ACTIVE"] },
    { id: "paused", label: "Paused", asked: "", words: pausedWords },
    { id: "trouble", label: "Needs attention", asked: "", words: troubleWords },
    { id: "review", label: "In review", asked: "", words: reviewWords },
    { id: "archived", label: "Archived", asked: "ALL", words: ["ARCHIVED"] },
    { id: "deleted", label: "Deleted", asked: "ALL", words: ["DELETED"] },
    { id: "all", label: "All", asked: "ALL", words: null },
];

/** The filter of an address: its id, or values of the API's `status`, such as `WITH_ISSUES` or `ACTIVE,PAUSED`. */
export const statusFilter = (id) => statusFilters.find((filter) => filter.id === (id ?? "")) ?? filterOfWords(id) ?? statusFilters[0];

function filterOfWords(id) {
    if (!/^[A-Z_]{1,32}(,[A-Z_]{1,32}){0,9}$/.test(id)) return null;
    const values = id.split(",");
    if (values.includes("ALL")) return statusFilters.at(-1);
    const asked = values.some((value) => ["ARCHIVED", "DELETED"].includes(value)) ? "ALL" : "";
    return { id, label: values.map(words).join(", "), asked, words: values };
}

/** The tone of a status: `good`, `quiet`, `bad` or `waiting`. */
export function statusTone(word) {
    if (word === "ACTIVE") return "good";
    if (troubleWords.includes(word)) return "bad";
    if (reviewWords.includes(word)) return "waiting";
    return tones[word] ?? "quiet";
}
