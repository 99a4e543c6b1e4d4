import type { AgentGrants, Requester } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { authenticateKey } from "@redress/core/keys/authenticate-key";
import { noteRefusal } from "@redress/core/keys/note-refusal";
import type { Permission } from "@redress/core/operators/permissions";

interface Call {
  readonly request: Request;
  readonly dependencies: Dependencies;
  readonly correlationId: string;
}

/** The key in `Authorization: Bearer …`, or null where there is none. Basic is some proxy's own. */
function bearerOf({ headers }: Request): string | null {
  const sent = /^bearer(?:\s+(.*))?$/i.exec(headers.get("authorization")?.trim() ?? "");
  return sent === null ? null : (sent[1] ?? "");
}

/** Whether a program sent this: it is answered in JSON, never led to a page. */
export const sendsKey = (request: Request): boolean => bearerOf(request) !== null;

/**
 * The agent whose key was sent, or null when none was. Who sends a key is that agent and nobody else: a
 * session's cookie beside it counts for nothing.
 *
 * @throws RedressError key_invalid, key_expired, key_revoked, rate_limited
 */
export async function readAgent({ request, dependencies, correlationId }: Call): Promise<AgentGrants | null> {
  const secret = bearerOf(request);
  return secret === null ? null : authenticateKey(dependencies, { secret, correlationId });
}

/**
 * Refuses every key, for what only people do, whatever the key's owner may do. That it was tried is in the
 * audit log.
 *
 * @throws RedressError permission_denied, and what `readAgent` throws
 */
export async function refuseAgents(call: Call, permission: Permission): Promise<void> {
  const agent = await readAgent(call);
  if (agent === null) return;
  const { request, dependencies, correlationId } = call;
  await noteRefusal(dependencies, {
    keyId: agent.id,
    ownerId: agent.owner.id,
    why: "not_permitted",
    details: { permission, method: request.method, path: new URL(request.url).pathname.slice(0, 200) },
    correlationId,
  });
  throw new RedressError(
    "permission_denied",
    "Agents can never do this, whoever their key belongs to. A signed-in person has to.",
    { details: { permission } },
  );
}

/** The agent as those who are asked for by it see it: the key, and the person who answers for it. */
export function requesterOf(agent: AgentGrants): Extract<Requester, { kind: "agent" }> {
  return { kind: "agent", id: agent.id, ownerId: agent.owner.id };
}
