// Decides which rows of a long table are in the document.

/**
 * @param {object} view
 * @param {number} view.count - Number of rows.
 * @param {number} view.rowHeight - Pixels, as all lengths below.
 * @param {number} view.scrollTop
 * @param {number} view.height - Height of the visible part.
 * @param {number} [view.margin] - Extra rows above and below.
 * @returns {{first: number, end: number, above: number, below: number}} Rows from `first` up to, but not including, `end`; and
 *     the height of the rows above and below them.
 */
export function visibleRows({ count, rowHeight, scrollTop, height, margin = 8 }) {
    const first = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight), count) - margin);
    const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + margin);
    return { first, end: Math.max(first, end), above: first * rowHeight, below: (count - Math.max(first, end)) * rowHeight };
}

/**
 * The scroll position at which a row is completely visible.
 *
 * @param {{index: number, rowHeight: number, scrollTop: number, height: number}} view - `height` without head and foot.
 */
export function scrollTopFor({ index, rowHeight, scrollTop, height }) {
    const top = index * rowHeight;
    if (top < scrollTop) return top;
    return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}

/**
 * The row that a key moves to; `null` for other keys.
 *
 * @param {string} key - As `KeyboardEvent` names it.
 * @param {{index: number, count: number, page: number}} state - `page` is the number of visible rows.
 */
export function rowAfterKey(key, { index, count, page }) {
    if (count === 0) return null;
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }[key];
    return move === undefined ? null : Math.max(0, Math.min(count - 1, index + move));
}
