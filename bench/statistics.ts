/**
 * The smallest value that at least this share of all values does not exceed ("nearest rank"): always one
 * that was really measured.
 *
 * @param share from 0 to 1, e.g. 0.99
 * @throws RangeError when there are no values
 */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("Nothing was measured, so there is no percentile.");
  return value;
}

/**
 * The middle value, or the mean of the two in the middle.
 *
 * @throws RangeError when there are no values
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined)
    throw new RangeError("Nothing was measured, so there is no median.");
  return (low + high) / 2;
}

/** How much `y` grows per unit of `x`: the slope of the line with the least squares. 0 for fewer than two `x`. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  let [together, spread] = [0, 0];
  for (const { x, y } of points) {
    together += (x - meanX) * (y - meanY);
    spread += (x - meanX) ** 2;
  }
  return spread === 0 ? 0 : together / spread;
}

/** To so many digits behind the point, as a number. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
