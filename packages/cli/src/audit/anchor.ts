import { anchorAudit } from "@redress/core/audit/anchor-audit";
import { sealAudit } from "@redress/core/audit/seal-audit";
import type { Desk } from "../command.ts";

/** `audit anchor`: seals what waits, keeps one more anchor at once, and prints it. */
export async function anchor(
  { dependencies, terminal }: Desk,
  { json }: { readonly json: boolean },
): Promise<number> {
  await sealAudit(dependencies);
  await anchorAudit(dependencies, { force: true });
  const { auditAnchors } = dependencies;
  const last = (await auditAnchors?.last()) ?? null;
  const publicKey = auditAnchors?.publicKey ?? null;
  if (json) terminal.out.write(`${JSON.stringify({ publicKey, anchor: last }, null, 2)}\n`);
  else {
    terminal.out.write(last === null ? "The log is empty.\n" : `${JSON.stringify(last)}\n`);
    terminal.err.write(`Public key: ${publicKey ?? "none"}\n`);
  }
  return 0;
}
