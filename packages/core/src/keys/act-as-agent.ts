import type { AgentPermission } from "@redress/database";
import type { AgentGrants } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { isRedressError } from "../errors.ts";
import { authorize, type Owner } from "../operators/authorize.ts";
import { noteRefusal } from "./note-refusal.ts";

/**
 * Does something for a program, once `authorize` has let it. What the program may not do, here or in the work
 * itself, is written into the audit log.
 *
 * @returns what `act` returns
 * @throws RedressError permission_denied, or the error of what is not there, e.g. refund_not_found; what `act`
 *   throws
 */
export async function actAsAgent<Input, Answer>(
  dependencies: Pick<Dependencies, "database" | "clock">,
  agent: AgentGrants,
  rule: { permission: AgentPermission; owner: Owner<Input> },
  { input, correlationId }: { input: Input; correlationId: string },
  act: () => Promise<Answer>,
): Promise<Answer> {
  try {
    await authorize(dependencies, agent, rule, input);
    return await act();
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
