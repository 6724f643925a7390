// The breadcrumb Campaigns › Campaign › Ad set, with names from the rows, and the title of the table.

import { h } from "../../lib/page/dom.js";
import { format as formatPlace } from "../../lib/page/router.js";

/**
 * @param {object} options
 * @param {string} options.account - With `act_`.
 * @param {string} options.view
 * @param {string} options.title
 * @param {Record<string, string>} options.params - Parameters of the page's address.
 * @param {Record<string, string>} options.kept - Those that links to other levels keep.
 * @param {object[]|undefined} options.rows
 */
export function breadcrumb({ account, view, title, params, kept, rows }) {
    const { campaign: campaignID, adset } = params;
    const sample = rows?.find((row) => (!campaignID || row.campaign_id === campaignID) && (!adset || row.ad_set_id === adset));
    const name = (text) => h("bdi", {}, text);
    const link = (target, more, text) => h("a", { href: formatPlace({ account, view: target, params: { ...kept, ...more } }) }, name(text));
    const pieces = [];
    const campaign = campaignID ?? (adset && sample?.campaign_id);
    if (campaign || adset) {
        pieces.push(link("campaigns", {}, "Campaigns"));
        if (campaign) {
            const text = sample?.campaign_name ?? `Campaign ${campaign}`;
            pieces.push(view === "ad-sets" ? name(text) : link("ad-sets", { campaign }, text));
        }
        if (adset) pieces.push(name(sample?.ad_set_name ?? `Ad set ${adset}`));
    }
    return [
        pieces.length > 0
            && h("ol", {}, pieces.map((piece, index) => h("li", { "aria-current": index === pieces.length - 1 ? "page" : null }, piece))),
        h("h1", {}, title),
    ];
}
