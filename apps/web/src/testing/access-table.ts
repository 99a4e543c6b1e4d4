import type { Grants, OperatorGrants } from "@redress/core/actor";
import { permissions, permittedApps } from "@redress/core/operators/permissions";
import { agentPermissions, operatorRoleNames } from "@redress/database";
import type { Guard } from "../access/guarded.ts";

/** The data that is asked for belongs to this app. */
export const thisApp = "app_this";
const otherApp = "app_other";

export interface Caller {
  readonly name: string;
  /** Null: nobody is signed in. */
  readonly grants: Grants | null;
  /** Whether they have opened a link for the app's developer. */
  readonly hasLink?: boolean;
}

function person(roles: OperatorGrants["roles"]): OperatorGrants {
  return { id: "opr_someone", roles };
}

const people: readonly Caller[] = operatorRoleNames.flatMap((role) => [
  { name: `${role} of the app`, grants: person({ all: null, byApp: { [thisApp]: role } }) },
  { name: `${role} of another`, grants: person({ all: null, byApp: { [otherApp]: role } }) },
  { name: `${role} of all`, grants: person({ all: role, byApp: {} }) },
]);

/** Nobody, each role in each place, the key of an agent whose owner may do everything, and an app's developer by a link. */
export const callers: readonly Caller[] = [
  { name: "nobody", grants: null },
  ...people,
  {
    name: "key",
    grants: {
      id: "key_one",
      permissions: [...agentPermissions],
      appIds: "all",
      owner: person({ all: "admin", byApp: {} }),
    },
  },
  { name: "link", grants: null, hasLink: true },
];

/** What a declaration means for a caller: whether the data of this app is theirs to touch here. */
export function isAllowed(guard: Guard, { grants, hasLink = false }: Caller): boolean {
  if (guard.kind === "public") return true;
  if (guard.kind === "portal") return hasLink;
  if (guard.kind === "app-signed" || guard.kind === "embed" || grants === null) return false;
  if (guard.kind === "own-account") return !("owner" in grants);
  if (guard.kind === "agent") return "owner" in grants;
  if (guard.kind === "operator" && "owner" in grants) return false;
  const permission = permissions.find((one) => one === guard.permission);
  if (permission === undefined) throw new Error(`${guard.permission} is no permission`);
  const where = permittedApps(grants, permission);
  if (where === "all") return true;
  if (guard.owner === "desk") return false;
  return guard.owner === "apps" ? where.length > 0 : where.includes(thisApp);
}

/** What a declaration asks for, for people. */
export function needs(guard: Guard): string {
  switch (guard.kind) {
    case "public":
      return `open: ${guard.why}`;
    case "app-signed":
      return "the app's own signature";
    case "portal":
      return "a link for the app's developer; only that app";
    case "embed":
      return "a helpdesk's token for a person; what they may";
    case "own-account":
      return "a session; only the own account";
    case "agent":
      return "a key; each tool names its permission";
    case "operator":
    case "caller":
      return `${guard.permission}, of the ${guard.owner}`;
  }
}

/** The table as docs/access.md shows it. */
export function accessTable(entries: readonly { name: string; guard: Guard }[]): string {
  const short = callers.map(({ name }) => name);
  const rows = [...entries]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, guard }) => {
      const marks = callers.map((caller) => (isAllowed(guard, caller) ? "yes" : "–"));
      return `| \`${name}\` | ${[needs(guard).replaceAll("|", "\\|"), ...marks].join(" | ")} |`;
    });
  return `${[
    "# Who may call what",
    "",
    "Made by `apps/web/src/access-table.test.ts` from what each route and action declares (`vitest run -u` writes it",
    "anew); the test fails when this file is stale or something declares nothing. The data asked for belongs to one",
    'app: "of the app" is a role there, "of another" a role in another app only, "of all" a role for every app. The',
    "key is an agent's, with all that keys can have, and its owner is an administrator. The link is one for the app's",
    "developer. Where the owner is `apps`, a yes means the rows of the caller's own apps.",
    "",
    `| route or action | needs | ${short.join(" | ")} |`,
    `| --- | --- | ${short.map(() => "---").join(" | ")} |`,
    ...rows,
  ].join("\n")}\n`;
}
