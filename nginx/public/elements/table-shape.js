// The columns of a table on a phone.

/** A phone, upright. */
export const isNarrow = () => window.innerWidth < 640;

/** On a phone three columns are in sight: the name, the one by which the rows are sorted, and another. */
export function sortedBesideName(columns, { column: sorted }) {
    const [name, ...others] = columns;
    return [name, ...others.filter(({ id }) => id === sorted), ...others.filter(({ id }) => id !== sorted)];
}

export function narrowWidth({ id, kind, width }) {
    if (id === "name") return 124;
    return Math.round(width * (kind === "status" ? 0.72 : 0.88));
}
