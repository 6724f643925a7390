// Filters, sorts and adds up rows in memory.

/**
 * The rows that the API would return: `q` and `status` mean the same there.
 *
 * @param {object[]} rows
 * @param {object} filter
 * @param {string} [filter.q] - A part of the name, ignoring case; or the beginning of the id.
 * @param {string[]|null} [filter.words] - Values of the API's `status`.
 * @param {Record<string, string>} [filter.parents] - Required values of members such as `campaign_id`.
 */
export function filterRows(rows, { q = "", words = null, parents = {} }) {
    const needle = q.trim();
    const folded = needle.toLowerCase();
    const wanted = words && new Set(words);
    const members = Object.entries(parents).filter(([, value]) => value);
    if (!needle && !wanted && members.length === 0) return rows;
    return rows.filter(
        (row) =>
            (!wanted || hasStatus(row, wanted)) &&
            members.every(([name, value]) => row[name] === value) &&
            (!needle || row.name?.toLowerCase().includes(folded) || row.id.startsWith(needle)),
    );
}

/**
 * A row that is archived or deleted, itself or with its parent, matches only that status. Any other row matches the status
 * that its owner set, and an effective status that only Facebook sets.
 */
function hasStatus({ status, effective_status: effective = status }, wanted) {
    const own = ["DELETED", "ARCHIVED"].includes(effective) ? effective : status;
    return wanted.has(own) || (wanted.has(effective) && !["ACTIVE", "PAUSED"].includes(effective));
}

/**
 * Returns a sorted copy. Rows without a value come last in both directions; equal rows keep their order. A cost that is
 * undefined although money was spent counts as the highest.
 *
 * @param {object[]} rows
 * @param {{column: string, isDescending: boolean}} order
 * @param {(one: string, other: string) => number} compare - Compares texts.
 * @param {import("./tables.js").Column} [column] - The sorted column.
 */
export function sortRows(rows, { column: id, isDescending }, compare, column) {
    const sign = isDescending ? -1 : 1;
    const known = [];
    const missing = [];
    for (const row of rows) {
        const value = column && isWorst(row, column) ? Infinity : row[id];
        if (isUnknown(value)) missing.push(row);
        else known.push([value, row]);
    }
    known.sort(known.every(([value]) => typeof value === "number")
        // Not the difference: two infinite costs are equal.
        ? ([one], [other]) => (one === other ? 0 : one < other ? -sign : sign)
        : ([one], [other]) => (one === other ? 0 : sign * compare(String(one), String(other))));
    return [...known.map(([, row]) => row), ...missing];
}

/** Whether the row spent money without a result, which counts as the highest cost. */
export function isWorst(row, { cost }) {
    return Boolean(cost) && row[cost.by] === 0 && row[cost.of] > 0;
}

/** Names of the same column in other tables. */
const otherNames = { spend: "spent", spent: "spend" };

/** Reads `-spend` as a column and a direction; `fallback` if there is no such column. */
export function parseOrder(text, columns, fallback) {
    const isDescending = text?.startsWith("-") ?? false;
    const name = isDescending ? text.slice(1) : text;
    const column = columns.some(({ id }) => id === name) ? name : otherNames[name];
    if (!columns.some(({ id }) => id === column)) return parseOrder(fallback, columns, fallback);
    return { column, isDescending };
}

export const formatOrder = ({ column, isDescending }) => (isDescending ? `-${column}` : column);

/** The order after a click on a column's head. Numbers start with the largest. */
export function nextOrder(current, column) {
    if (current.column === column.id) return { column: column.id, isDescending: !current.isDescending };
    return { column: column.id, isDescending: !["text", "words", "status", "list"].includes(column.kind) };
}

/**
 * The totals row, by column: sums, and ratios of sums. A sum with an unknown value is unknown. A column whose rows cannot be
 * added up has no total.
 *
 * @param {object[]} rows
 * @param {import("./tables.js").Column[]} columns
 * @param {Record<string, number|null>} [known] - Totals that need not be added up.
 * @returns {Record<string, number|null>}
 */
export function totals(rows, columns, known = {}) {
    const sumOf = (valueOf) => {
        let sum = 0;
        for (const row of rows) {
            const value = valueOf(row);
            if (isUnknown(value)) return null;
            sum += value;
        }
        return sum;
    };
    const part = (name) => (name === "results" ? sumOfResults(rows).results : sumOf((row) => row[name]));
    const total = ({ id, formula }) => {
        if (id in known) return known[id];
        if (!formula) return part(id);
        return ratio(sumOf((row) => dividendOf(row, id, formula)), part(formula.divisor), formula.factor);
    };
    const sums = Object.fromEntries(columns.filter(({ isAdditive, formula, kind }) => isAdditive || formula || kind === "results")
        .map((column) => [column.id, total(column)]));
    if ("results" in sums) sums.result_type = "results" in known ? known.result_type : sumOfResults(rows).result_type;
    return sums;
}

/** What counts people, of whom some may be in several rows. */
const people = ["reach", "ad recall lift"];

/** Results of one type are added up. Those of several types have no sum. */
function sumOfResults(rows) {
    const types = new Set(rows.map(({ result_type: type }) => type).filter(Boolean));
    const type = types.size === 1 ? [...types][0] : null;
    const isUnknown = types.size > 1 || rows.some(({ results }) => results === null || results === undefined)
        || (people.includes(type) && rows.filter(({ results }) => results > 0).length > 1);
    return { results: isUnknown ? null : rows.reduce((sum, { results }) => sum + results, 0), result_type: type };
}

const isUnknown = (value) => value === null || value === undefined;

/** `null` if the divisor is 0 or a part is unknown. */
export const ratio = (above, below, factor = 1) => (below > 0 && !isUnknown(above) ? (above * factor) / below : null);

/**
 * The part above the line. Ads do not have the conversion value of their ROAS: it follows from the ratio. A row without spend has
 * no ROAS, and may have a value all the same, unless it has no conversion.
 */
function dividendOf(row, id, { dividend, factor, divisor }) {
    if (dividend in row) return row[dividend];
    if (!isUnknown(row[id]) && !isUnknown(row[divisor])) return (row[id] * row[divisor]) / factor;
    return row[divisor] === 0 && row.conversions === 0 ? 0 : null;
}
