import type { AgentPermission } from "@redress/database";
import type { AgentGrants } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { isRedressError } from "../errors.ts";
import { authorize, type Owner } from "../operators/authorize.ts";
import { noteRefusal } from "./note-refusal.ts";

/**
 * As `authorize`, for a program; what a key may not do at all is written into the audit log.
 *
 * @throws RedressError permission_denied, or the error of what is not there, e.g. refund_not_found
 */
export async function authorizeAgent<Input>(
  dependencies: Pick<Dependencies, "database" | "clock">,
  agent: AgentGrants,
  rule: { permission: AgentPermission; owner: Owner<Input> },
  { input, correlationId }: { input: Input; correlationId: string },
): Promise<void> {
  try {
    await authorize(dependencies, agent, rule, input);
  } catch (error) {
    if (isRedressError(error) && error.code === "permission_denied") {
      await noteRefusal(dependencies, {
        keyId: agent.id,
        ownerId: agent.owner.id,
        why: "not_permitted",
        details: { permission: rule.permission },
        correlationId,
      });
    }
    throw error;
  }
}
