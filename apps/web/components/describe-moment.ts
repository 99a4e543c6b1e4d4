const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

function formatsIn(timeZone: string) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
  return {
    /** "5 Nov" */
    day: format({ day: "numeric", month: "short" }),
    /** "5 Nov 2026" */
    dayOfYear: format({ dateStyle: "medium" }),
    /** "14:03:07" */
    clock: format({ timeStyle: "medium" }),
    /** "5 Nov 2026, 14:03:07 CET" */
    exact: format({ dateStyle: "medium", timeStyle: "long" }),
  };
}

const known = new Map<string, ReturnType<typeof formatsIn>>();

/** How moments are written in a time zone, e.g. `Europe/Berlin`; made once each. */
export function formats(timeZone: string): ReturnType<typeof formatsIn> {
  const made = known.get(timeZone) ?? formatsIn(timeZone);
  known.set(timeZone, made);
  return made;
}

/** "3 min. ago" within a day, "5 Nov" within half a year, else the full date. */
export function describeMoment(at: Date, now: Date, timeZone = "UTC"): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 0 ? "in a moment" : "just now";
  if (distance < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
  if (distance < 86_400) return relative.format(Math.trunc(seconds / 3600), "hour");
  const { day, dayOfYear } = formats(timeZone);
  return (distance < 180 * 86_400 ? day : dayOfYear).format(at);
}
