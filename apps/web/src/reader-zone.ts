import { cookies } from "next/headers";
import { cache } from "react";

/** Set by the page itself: no browser sends its time zone. */
export const zoneCookie = "redress.zone";

/** The zone that moments are shown in, e.g. `Europe/Berlin`: the browser's, and UTC until it has said it. */
export const readerZone = cache(async (): Promise<string> => {
  return parseZone((await cookies()).get(zoneCookie)?.value);
});

/** A time zone that dates can be written in, or UTC for what is none. */
export function parseZone(value: string | undefined): string {
  if (value === undefined || value.length > 64) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: decodeURIComponent(value) }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
