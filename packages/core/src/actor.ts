import type { AgentPermission, OperatorRole } from "@redress/database";

/** Who acts. An operator is a signed-in person; an agent is a program whose key a person owns. */
export type Actor =
  | { readonly kind: "operator"; readonly id: string }
  | { readonly kind: "agent"; readonly id: string; readonly ownerId: string }
  /** An app's developer with a link that a person made, who answers for what is done with it. */
  | { readonly kind: "portal_link"; readonly id: string; readonly ownerId: string }
  | { readonly kind: "policy"; readonly id: string }
  | { readonly kind: "stripe"; readonly id: string }
  | { readonly kind: "app"; readonly id: string }
  | { readonly kind: "system"; readonly id: string };

/** Those who may ask for a refund. */
export type Requester = Extract<Actor, { kind: "operator" | "agent" }>;

/** The person who answers for a requester: nobody approves what they, or their agent, asked for. */
export function answerableOperator(requester: Requester): string {
  return requester.kind === "agent" ? requester.ownerId : requester.id;
}

/** An operator with the roles that decide what they may do: `all` for every app, or per app id. */
export interface OperatorGrants {
  readonly id: string;
  readonly roles: {
    readonly all: OperatorRole | null;
    readonly byApp: Readonly<Record<string, OperatorRole>>;
  };
}

/**
 * What an agent's key may do: what the key was given, and of that only what its owner may do at the moment of
 * the call.
 */
export interface AgentGrants {
  /** The key's. */
  readonly id: string;
  readonly permissions: readonly AgentPermission[];
  readonly appIds: readonly string[] | "all";
  readonly owner: OperatorGrants;
}

export type Grants = OperatorGrants | AgentGrants;

export const systemActor = (id: string): Actor => ({ kind: "system", id });
