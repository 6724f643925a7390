// The CSV file of the rows on screen, or of the selected ones.

import { csv } from "../../lib/tables/csv.js";
import { words } from "../../lib/text/format.js";
import { saveFile } from "../../elements/save-file.js";

/**
 * @param {object[]} rows
 * @param {import("../../lib/tables/tables.js").Column[]} columns
 * @param {{view: string, account: string, days: {from: string, to: string}}} about - What the file's name says.
 */
export function saveRows(rows, columns, { view, account, days }) {
    saveFile(`${view}-${account}-${days.from}-${days.to}.csv`, csv(rows, columns, words), "text/csv");
}
