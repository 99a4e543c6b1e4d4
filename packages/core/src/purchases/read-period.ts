/** A stretch of time; the end is not part of it, null is open. */
export interface Period {
  readonly from: Date | null;
  readonly until: Date | null;
}

const form = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/**
 * A day, a month or a year of UTC's calendar, or two of them with `..` between, both included: `2026-11-01`, `2026-11`,
 * `2026-11-01..2026-11-05`.
 *
 * @returns null for what is none
 */
export function readPeriod(text: string): Period | null {
  const [first = "", last, more] = text.split("..");
  if (more !== undefined) return null;
  if (last === undefined) return readOne(first);
  const [from, until] = [first === "" ? null : readOne(first), last === "" ? null : readOne(last)];
  if ((from === null && first !== "") || (until === null && last !== "") || (!from && !until)) return null;
  return { from: from?.from ?? null, until: until?.until ?? null };
}

function readOne(text: string): { from: Date; until: Date } | null {
  const [, yearText, monthText, dayText] = form.exec(text) ?? [];
  if (yearText === undefined) return null;
  const [year, month, day] = [Number(yearText), Number(monthText ?? "1"), Number(dayText ?? "1")];
  const from = new Date(Date.UTC(year, month - 1, day));
  // 31 February rolls over, and is no date.
  if (year < 2000 || from.getUTCMonth() !== month - 1 || from.getUTCDate() !== day) return null;
  if (dayText !== undefined) return { from, until: new Date(Date.UTC(year, month - 1, day + 1)) };
  if (monthText !== undefined) return { from, until: new Date(Date.UTC(year, month, 1)) };
  return { from, until: new Date(Date.UTC(year + 1, 0, 1)) };
}
