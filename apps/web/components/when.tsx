import { getRuntime } from "../src/runtime.ts";

const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** "3 min. ago" within a day, "5 Nov" within half a year, else the full date. */
export function describeMoment(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 0 ? "in a moment" : "just now";
  if (distance < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
  if (distance < 86_400) return relative.format(Math.trunc(seconds / 3600), "hour");
  return (distance < 180 * 86_400 ? day : dayOfYear).format(at);
}

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });

/** A moment to the second, in UTC: for records, where order matters. */
export function ExactTime({ at, className }: { at: Date; className?: string }) {
  return (
    <time dateTime={at.toISOString()} title={exact.format(at)} className={className}>
      {day.format(at)}, {clock.format(at)} <span className="sr-only">UTC</span>
    </time>
  );
}

/** A moment for people, with the exact time on hover. */
export function When({ at, className }: { at: Date; className?: string }) {
  const now = getRuntime().dependencies.clock.now();
  return (
    <time dateTime={at.toISOString()} title={exact.format(at)} className={className}>
      {describeMoment(at, now)}
    </time>
  );
}
