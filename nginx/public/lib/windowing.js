// Which rows of a long table stand in the document.

/**
 * @param {object} view
 * @param {number} view.count - Of rows in all.
 * @param {number} view.rowHeight - Pixels, as all below.
 * @param {number} view.scrollTop
 * @param {number} view.height - Of what is seen.
 * @param {number} [view.margin] - Rows above and below what is seen.
 * @returns {{first: number, end: number, above: number, below: number}} Rows from `first` to before `end`, and the room that
 *     the others take.
 */
export function visibleRows({ count, rowHeight, scrollTop, height, margin = 8 }) {
    const first = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight), count) - margin);
    const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + margin);
    return { first, end: Math.max(first, end), above: first * rowHeight, below: (count - Math.max(first, end)) * rowHeight };
}

/**
 * How far to scroll so that a row is seen whole.
 *
 * @param {{index: number, rowHeight: number, scrollTop: number, height: number}} view - `height` without what sticks to the
 *     edges.
 */
export function scrollTopFor({ index, rowHeight, scrollTop, height }) {
    const top = index * rowHeight;
    if (top < scrollTop) return top;
    return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}

/**
 * The row that a key leads to; `null` for keys that mean nothing here.
 *
 * @param {string} key - As `KeyboardEvent` names it.
 * @param {{index: number, count: number, page: number}} state - `page`: rows that are seen.
 */
export function rowAfterKey(key, { index, count, page }) {
    if (count === 0) return null;
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }[key];
    return move === undefined ? null : Math.max(0, Math.min(count - 1, index + move));
}
