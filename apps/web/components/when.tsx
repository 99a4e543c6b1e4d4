import { readerZone } from "../src/reader-zone.ts";
import { getRuntime } from "../src/runtime.ts";
import { describeMoment, formats } from "./describe-moment.ts";

/** A moment to the second, in the reader's zone: for records, where order matters. */
export async function ExactTime({ at, className }: { at: Date; className?: string }) {
  const zone = await readerZone();
  const { day, clock } = formats(zone);
  return (
    <time dateTime={at.toISOString()} title={exactTitle(at, zone)} className={className}>
      {day.format(at)}, {clock.format(at)} {zone === "UTC" && <span className="sr-only">UTC</span>}
    </time>
  );
}

/** A moment to the second, with the name of the reader's zone: for what must not be missed. */
export async function ZonedTime({ at, className }: { at: Date; className?: string }) {
  const zone = await readerZone();
  return (
    <time dateTime={at.toISOString()} title={exactTitle(at, zone)} className={className}>
      {formats(zone).exact.format(at)}
    </time>
  );
}

/** A moment for people, with the exact time on hover. */
export async function When({ at, className }: { at: Date; className?: string }) {
  const now = getRuntime().dependencies.clock.now();
  const zone = await readerZone();
  return (
    <time dateTime={at.toISOString()} title={exactTitle(at, zone)} className={className}>
      {describeMoment(at, now, zone)}
    </time>
  );
}

/** As the reader's clock had it, and as logs have it. */
function exactTitle(at: Date, zone: string): string {
  const here = formats(zone).exact.format(at);
  return zone === "UTC" ? here : `${here} (${formats("UTC").exact.format(at)})`;
}
