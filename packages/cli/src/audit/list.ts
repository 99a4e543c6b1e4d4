import { listAudit } from "@redress/core/audit/list-audit";
import type { Desk } from "../command.ts";
import { checkingInput } from "../events/usage-of.ts";
import { counted } from "../terminal.ts";

/** `audit list`: the newest entries first. */
export async function list(
  { dependencies, terminal }: Desk,
  options: {
    refund?: string | undefined;
    purchase?: string | undefined;
    cursor?: string | undefined;
    limit: number;
    json?: boolean | undefined;
  },
): Promise<number> {
  const { refund, purchase, cursor, limit } = options;
  const page = await checkingInput(dependencies, () =>
    listAudit(dependencies, {
      limit,
      ...(refund === undefined ? {} : { refundId: refund }),
      ...(purchase === undefined ? {} : { purchaseId: purchase }),
      ...(cursor === undefined ? {} : { cursor }),
    }),
  );
  if (options.json) {
    terminal.out.write(`${JSON.stringify(page, null, 2)}\n`);
    return 0;
  }
  for (const { id, at, action, actorKind, actorId, refundId } of page.entries) {
    const about = refundId === null ? "" : `  ${refundId}`;
    terminal.out.write(`${id}  ${at.toISOString()}  ${action}  ${actorKind} ${actorId}${about}\n`);
  }
  const more = page.nextCursor === null ? "" : ` There is more: --cursor ${page.nextCursor}`;
  terminal.err.write(`${counted(page.entries.length, "line")}.${more}\n`);
  return 0;
}
