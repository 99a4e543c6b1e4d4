import { readAnchors } from "@redress/core/audit/anchors";
import { breakSentences } from "@redress/core/audit/break-sentences";
import { type AuditVerification, verifyAudit } from "@redress/core/audit/verify-audit";
import type { Dependencies } from "@redress/core/dependencies";
import type { Desk } from "../command.ts";
import { counted, createProgress } from "../terminal.ts";

export interface VerifyOptions {
  readonly anchors: string | undefined;
  readonly publicKeys: readonly string[];
  readonly month: string | undefined;
  readonly json: boolean;
}

/** What verifying needs of a desk. */
interface Verifier extends Pick<Desk, "terminal"> {
  readonly dependencies: Pick<Dependencies, "database"> & Partial<Pick<Dependencies, "auditAnchors">>;
}

/**
 * `audit verify`.
 *
 * @returns 0 when the log is whole, 1 when it is not
 * @throws RedressError `invalid_input` for anchors that cannot be believed
 */
export async function verify({ dependencies, terminal }: Verifier, options: VerifyOptions): Promise<number> {
  const own = dependencies.auditAnchors;
  const trusted = [...(own ? [own.publicKey, ...own.olderPublicKeys] : []), ...options.publicKeys];
  const anchors = options.anchors === undefined ? [] : await readAnchors(options.anchors, trusted);
  const progress = createProgress(terminal, "audit");
  const verification = await verifyAudit(dependencies, {
    anchors,
    month: options.month,
    onProgress: ({ sealed, of }) => progress.show(sealed / of, counted(sealed, "seal")),
  });
  progress.end();
  if (options.json) terminal.out.write(`${JSON.stringify(verification, null, 2)}\n`);
  else terminal.out.write(textOf(verification, anchors.length));
  return verification.valid ? 0 : 1;
}

function textOf({ firstBroken, ...found }: AuditVerification, anchorCount: number): string {
  if (firstBroken) {
    const { number, auditLogId, reason } = firstBroken;
    const entry = auditLogId === null ? "The entry" : `Entry ${auditLogId}`;
    return [
      `The log is broken at seal ${number}. ${entry}: ${breakSentences[reason]} (${reason}).`,
      `${counted(found.sealed, "seal")} before it are whole. Compare the log with a backup from here on, and find out who had access to the database.`,
      "",
    ].join("\n");
  }
  const anchored =
    anchorCount === 0
      ? "No anchor was given, so nobody can tell whether the end was cut off: --anchors <folder>."
      : `${counted(found.anchorsMet, "anchor")} of ${anchorCount} met, and each fits.`;
  return [
    `The log is whole: ${counted(found.sealed, "entry").replace(/entrys$/, "entries")} sealed as they were written, ${found.unsealed} waiting for their seal.`,
    anchored,
    `Head ${found.head.number}: ${found.head.hash}`,
    "",
  ].join("\n");
}
