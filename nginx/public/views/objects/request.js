// The request that has the rows of a table.

import { address, keyOf } from "../../lib/requests/api.js";
import { statusFilter } from "../../lib/tables/tables.js";

/**
 * The value of the parameter `fields`: the members that rows have only when they are asked for.
 *
 * @param {import("../../lib/tables/tables.js").Column[]} columns - Those on screen, and the sorted one.
 */
export function fieldsAsked(columns) {
    const names = [...new Set(columns.flatMap(({ asked }) => asked ?? []))];
    return names.length > 0 ? ["default", ...names.sort()].join(",") : "";
}

/**
 * The cache keys of two requests that both have the rows: `all` for the whole list, `narrow` for the rows of one parent.
 *
 * @param {string} account - With `act_`.
 * @param {{path: string}} table
 * @param {{from?: string, to?: string}} days - Parameters of the API.
 * @param {Record<string, string>} params - Parameters of the page's address.
 * @param {string} fields
 */
export function keysOf(account, table, days, params, fields) {
    const { asked: status } = statusFilter(params.status);
    // `totals` includes what the default filter hides; the notes below the table name it.
    const all = { adAccountId: account, ...days, status, totals: status === "" ? "true" : "", fields };
    const key = (parameters) => keyOf(account, address(table.path, parameters));
    return { all: key(all), narrow: key({ ...all, totals: "", campaignId: params.campaign, adSetId: params.adset }) };
}
