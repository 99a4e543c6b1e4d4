import { getRuntime } from "../src/runtime.ts";
import { day, describeMoment } from "./describe-moment.ts";

const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone: "UTC" });
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
