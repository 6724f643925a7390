// Rows that are in memory: filtered, sorted, added up.

/**
 * @param {object[]} rows
 * @param {object} wish
 * @param {string} [wish.q] - A part of the name, in capitals or not, or a whole id.
 * @param {string[]|null} [wish.words] - Effective statuses.
 * @param {Record<string, string>} [wish.parents] - Members that have to have this value, such as `campaign_id`.
 */
export function filterRows(rows, { q = "", words = null, parents = {} }) {
    const needle = q.trim().toLowerCase();
    const wanted = words && new Set(words);
    const members = Object.entries(parents).filter(([, value]) => value);
    if (!needle && !wanted && members.length === 0) return rows;
    return rows.filter(
        (row) =>
            (!wanted || wanted.has(row.effective_status ?? row.status)) &&
            members.every(([name, value]) => row[name] === value) &&
            (!needle || row.name?.toLowerCase().includes(needle) || row.id === needle),
    );
}

/**
 * A sorted copy. Rows without a value come last either way; equal ones keep their order.
 *
 * @param {object[]} rows
 * @param {{column: string, isDescending: boolean}} order
 * @param {(one: string, other: string) => number} compare - Of texts.
 */
export function sortRows(rows, { column, isDescending }, compare) {
    const sign = isDescending ? -1 : 1;
    const isMissing = (value) => value === null || value === undefined;
    return [...rows].sort((first, second) => {
        const one = first[column];
        const other = second[column];
        if (isMissing(one) || isMissing(other)) return isMissing(one) - isMissing(other);
        if (typeof one === "string" || typeof other === "string") return sign * compare(String(one), String(other));
        return sign * (one - other);
    });
}

/** `-spend` as a column and a direction; `fallback` for what is no column. */
export function parseOrder(text, columns, fallback) {
    const isDescending = text?.startsWith("-") ?? false;
    const column = isDescending ? text.slice(1) : text;
    if (!columns.some(({ id }) => id === column)) return parseOrder(fallback, columns, fallback);
    return { column, isDescending };
}

export const formatOrder = ({ column, isDescending }) => (isDescending ? `-${column}` : column);

/** The next order when the head of a column is pressed: numbers begin with the largest. */
export function nextOrder(current, column) {
    if (current.column === column.id) return { column: column.id, isDescending: !current.isDescending };
    return { column: column.id, isDescending: !["text", "words", "status"].includes(column.kind) };
}

/**
 * What the totals row shows, by column.
 *
 * @param {object[]} rows
 * @param {import("./tables.js").Column[]} columns
 * @param {string} spend - The member that holds a row's spend.
 * @returns {Record<string, number|null>}
 */
export function totals(rows, columns, spend) {
    const sums = { [spend]: 0, impressions: 0, clicks: 0, conversions: 0, engagement: 0, value: 0 };
    for (const row of rows) {
        for (const name in sums) if (name !== "value") sums[name] += row[name] ?? 0;
        sums.value += (row.roas ?? 0) * (row[spend] ?? 0);
    }
    return Object.fromEntries(columns.filter(({ total }) => total).map(({ id, total }) => [id, total(sums)]));
}
