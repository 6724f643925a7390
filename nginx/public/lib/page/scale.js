// Axes of plots.

/**
 * Round numbers from 0 to at least the largest value.
 *
 * @param {number} largest
 * @param {number} [steps] - Approximate number of steps.
 */
export function ticks(largest, steps = 4) {
    if (!(largest > 0)) return [0, 1];
    const raw = largest / steps;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= raw * (1 - 1e-9));
    const count = Math.ceil(largest / step - 1e-9);
    return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/**
 * The path of a line, with gaps where there is no value.
 *
 * @param {(number|null)[]} values
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 */
export function linePath(values, x, y) {
    let path = "";
    let isDown = false;
    values.forEach((value, index) => {
        if (value === null || value === undefined) {
            isDown = false;
            return;
        }
        path += `${isDown ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
        isDown = true;
    });
    return path;
}
