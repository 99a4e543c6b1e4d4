import type { OperatorGrants } from "@redress/core/actor";
import type { Permission } from "@redress/core/operators/permissions";
import { scopeOf } from "../src/access/scope.ts";
import type { NavIcon } from "./nav-link.tsx";

/** A page that the sidebar and the command palette lead to. */
export interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: NavIcon;
  readonly permission: Permission;
  /** Shown only to whom the permission was given for every app. */
  readonly whole?: boolean;
  /** Pressed after G it leads there. */
  readonly key?: string;
}

const places: readonly Place[] = [
  { href: "/", label: "Home", icon: "home", permission: "refunds.read", key: "h" },
  { href: "/needs-you", label: "Needs you", icon: "alerts", permission: "refunds.read", key: "n" },
  { href: "/approvals", label: "Approvals", icon: "approvals", permission: "refunds.decide", key: "a" },
  { href: "/purchases", label: "Purchases", icon: "purchases", permission: "purchases.read", key: "p" },
  { href: "/refunds", label: "Refunds", icon: "refunds", permission: "refunds.read", key: "r" },
  { href: "/bulk-refunds", label: "Bulk refunds", icon: "bulk", permission: "refunds.read", key: "b" },
  { href: "/disputes", label: "Disputes", icon: "disputes", permission: "purchases.read", key: "d" },
  {
    href: "/reconciliation",
    label: "Reconciliation",
    icon: "reconciliation",
    permission: "audit.read",
    key: "c",
  },
  { href: "/audit", label: "Audit", icon: "audit", permission: "audit.read", key: "l" },
  { href: "/events", label: "Events", icon: "events", permission: "audit.read", key: "e" },
  { href: "/deliveries", label: "Deliveries", icon: "deliveries", permission: "audit.read", key: "o" },
];

const settings: readonly Place[] = [
  {
    href: "/settings/integrations",
    label: "Integrations",
    icon: "integrations",
    permission: "apps.read",
    key: "i",
  },
  { href: "/settings/slack", label: "Slack and e-mail", icon: "slack", permission: "refunds.read" },
  { href: "/settings/policies", label: "Policies", icon: "policies", permission: "apps.read" },
  { href: "/settings/people", label: "People", icon: "people", permission: "operators.manage", whole: true },
  { href: "/settings/keys", label: "API keys", icon: "keys", permission: "keys.manage", whole: true },
  {
    href: "/settings/helpdesk",
    label: "Helpdesk panel",
    icon: "helpdesk",
    permission: "keys.manage",
    whole: true,
  },
  { href: "/settings/data", label: "Data", icon: "data", permission: "operators.manage", whole: true },
  { href: "/settings/health", label: "Health", icon: "health", permission: "operators.manage", whole: true },
];

/** The pages that somebody may open, those of the work apart from the settings. */
export function placesFor(grants: OperatorGrants): {
  readonly work: readonly Place[];
  readonly settings: readonly Place[];
} {
  const open = ({ permission, whole }: Place) => {
    const scope = scopeOf(grants, permission);
    return scope === "all" || (!whole && scope.length > 0);
  };
  return { work: places.filter(open), settings: settings.filter(open) };
}
