/** A round number that no value exceeds, for the top of an axis; 1 where all are 0. */
export function roundAbove(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([1, 2, 5, 10].find((step) => most <= step * power) ?? 10);
}

const [minute, hour, day] = [60, 3_600, 86_400];
const durations = [
  ...[1, 2, 5, 10, 20, 30],
  ...[1, 2, 5, 10, 20, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5, 10, 20, 30].map((count) => count * day),
];

/** The same for seconds, so that the top of the axis is a duration that people know. */
export function roundDurationAbove(most: number): number {
  return durations.find((duration) => most <= duration) ?? roundAbove(most / day) * day;
}

/** "45 s", "12 min", "2 h 5 min", "3 d 4 h". */
export function durationInWords(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < minute) return `${Math.floor(seconds)} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  const [whole, wholeUnit, part, partUnit] =
    seconds < 2 * day ? ([hour, "h", minute, "min"] as const) : ([day, "d", hour, "h"] as const);
  const rest = Math.floor((seconds % whole) / part);
  return `${Math.floor(seconds / whole)} ${wholeUnit}${rest > 0 ? ` ${rest} ${partUnit}` : ""}`;
}

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** "3.1%"; a dash where there is nothing to take a share of. */
export const shareInWords = (share: number | null): string => (share === null ? "—" : percent.format(share));

/** @returns null where there is nothing to take a share of */
export const shareOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
