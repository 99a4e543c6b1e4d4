import { usualSince } from "@redress/core/reconciliation/usual-since";
import { z } from "zod";
import { UsageError } from "./usage-error.ts";

const forms = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/**
 * The moment of `--since`.
 *
 * @param text undefined: 30 days ago, from midnight UTC, so that the same command on the same day is the
 *   same question
 * @throws UsageError
 */
export function readSince(text: string | undefined, now: Date): Date {
  if (text === undefined) return usualSince(now);
  const parsed = forms.safeParse(text);
  if (!parsed.success) {
    throw new UsageError(
      `--since takes a date such as 2026-11-01 or 2026-11-01T08:30:00Z, and "${text}" is none.`,
    );
  }
  const since = new Date(parsed.data);
  if (since > now) throw new UsageError(`--since ${text} is in the future. Give a date that is past.`);
  return since;
}
