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
  return text === undefined ? usualSince(now) : readMoment("--since", text, now);
}

/**
 * A moment that is past, e.g. of `--until`.
 *
 * @throws UsageError
 */
export function readMoment(option: string, text: string, now: Date): Date {
  const parsed = forms.safeParse(text);
  if (!parsed.success) {
    throw new UsageError(
      `${option} takes a date such as 2026-11-01 or 2026-11-01T08:30:00Z, and "${text}" is none.`,
    );
  }
  const moment = new Date(parsed.data);
  if (moment > now) throw new UsageError(`${option} ${text} is in the future. Give a date that is past.`);
  return moment;
}
