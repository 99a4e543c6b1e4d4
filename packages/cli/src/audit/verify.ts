import { verifyAudit } from "@redress/core/audit/verify-audit";
import type { Desk } from "../command.ts";
import { counted } from "../terminal.ts";

/** `audit verify`: recomputes the whole chain. Exit code 1 where it is broken. */
export async function verify(
  { dependencies, terminal }: Desk,
  { json }: { json?: boolean | undefined },
): Promise<number> {
  const verification = await verifyAudit(dependencies);
  const { valid, sealed, unsealed, head, firstBroken } = verification;
  const said = valid
    ? `The log is whole: ${counted(sealed, "sealed row")}, ${unsealed} not sealed yet, head ${head.number} ${head.hash}.`
    : `The log is broken at seal ${firstBroken?.number} (row ${firstBroken?.auditLogId ?? "unknown"}): ${firstBroken?.reason.replaceAll("_", " ")}. Compare it with a backup.`;
  terminal.out.write(json ? `${JSON.stringify(verification, null, 2)}\n` : `${said}\n`);
  return valid ? 0 : 1;
}
