import type { Permission } from "@redress/core/operators/permissions";
import { LogOut } from "lucide-react";
import Link from "next/link";
import { leave } from "../app/actions.ts";
import type { SignedIn } from "../src/access/operator.ts";
import { scopeOf } from "../src/access/scope.ts";
import type { Theme } from "../src/theme.ts";
import { ActionForm } from "./action-form.tsx";
import { Logo } from "./logo.tsx";
import { type NavIcon, NavLink } from "./nav-link.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: NavIcon;
  readonly permission: Permission;
  /** Shown only to whom the permission was given for every app. */
  readonly whole?: boolean;
}

const places: readonly Place[] = [
  { href: "/", label: "Home", icon: "home", permission: "refunds.read" },
  { href: "/needs-you", label: "Needs you", icon: "alerts", permission: "refunds.read" },
  { href: "/approvals", label: "Approvals", icon: "approvals", permission: "refunds.decide" },
  { href: "/purchases", label: "Purchases", icon: "purchases", permission: "purchases.read" },
  { href: "/refunds", label: "Refunds", icon: "refunds", permission: "refunds.read" },
  { href: "/bulk-refunds", label: "Bulk refunds", icon: "bulk", permission: "refunds.read" },
  { href: "/disputes", label: "Disputes", icon: "disputes", permission: "purchases.read" },
  { href: "/reconciliation", label: "Reconciliation", icon: "reconciliation", permission: "audit.read" },
  { href: "/audit", label: "Audit", icon: "audit", permission: "audit.read" },
  { href: "/events", label: "Events", icon: "events", permission: "audit.read" },
  { href: "/deliveries", label: "Deliveries", icon: "deliveries", permission: "audit.read" },
];

const settings: readonly Place[] = [
  { href: "/settings/integrations", label: "Integrations", icon: "integrations", permission: "apps.read" },
  { href: "/settings/slack", label: "Slack and e-mail", icon: "slack", permission: "refunds.read" },
  { href: "/settings/policies", label: "Policies", icon: "policies", permission: "apps.read" },
  { href: "/settings/people", label: "People", icon: "people", permission: "operators.manage", whole: true },
  { href: "/settings/keys", label: "API keys", icon: "keys", permission: "keys.manage", whole: true },
  { href: "/settings/health", label: "Health", icon: "health", permission: "operators.manage", whole: true },
];

export function Sidebar({
  operator,
  waiting,
  theme,
}: {
  operator: SignedIn;
  /** How much waits in which place. */
  waiting: Readonly<Record<string, number>>;
  theme: Theme;
}) {
  const open = ({ permission, whole }: Place) => {
    const scope = scopeOf(operator.grants, permission);
    return scope === "all" || (!whole && scope.length > 0);
  };
  const shownSettings = settings.filter(open);
  return (
    <div className="flex flex-wrap items-center border-b border-line bg-surface md:sticky md:top-7 md:h-[calc(100dvh-1.75rem)] md:flex-col md:flex-nowrap md:items-stretch md:border-r md:border-b-0">
      <Link
        href="/"
        className="flex items-center gap-2 px-4 pt-3 font-semibold tracking-tight md:pt-5 md:pb-4"
      >
        <Logo /> Redress
      </Link>
      <nav
        aria-label="Main"
        className="order-last flex w-full flex-wrap gap-0.5 px-2 py-2 md:order-none md:flex-1 md:flex-col md:flex-nowrap md:overflow-y-auto md:py-0"
      >
        {places.filter(open).map((place) => (
          <PlaceLink key={place.href} place={place} count={waiting[place.href] ?? 0} />
        ))}
        {shownSettings.length > 0 && (
          <h2 className="hidden px-2.5 pt-4 pb-1 text-xs font-medium text-ink-faint md:block">Settings</h2>
        )}
        {shownSettings.map((place) => (
          <PlaceLink key={place.href} place={place} count={0} />
        ))}
      </nav>
      <div className="ml-auto flex gap-3 px-4 pt-3 md:ml-0 md:flex-col md:border-t md:border-line md:py-4">
        <Link href="/account" title="Your account" className="block min-w-0 text-xs hover:underline">
          <p className="truncate font-medium text-ink">{operator.name}</p>
          <p className="hidden truncate text-ink-faint md:block" title={operator.email}>
            {operator.email}
          </p>
        </Link>
        <div className="flex items-center justify-between gap-2">
          <ThemeChoice current={theme} />
          <SignOut />
        </div>
      </div>
    </div>
  );
}

function PlaceLink({ place, count }: { place: Place; count: number }) {
  return (
    <NavLink href={place.href} icon={place.icon} count={count}>
      {place.label}
    </NavLink>
  );
}

function SignOut() {
  return (
    <ActionForm action={leave}>
      <button
        type="submit"
        aria-label="Sign out"
        title="Sign out"
        className="grid size-7 place-items-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink"
      >
        <LogOut aria-hidden className="size-4" />
      </button>
    </ActionForm>
  );
}
