"use client";

import {
  BellDot,
  DatabaseZap,
  HeartPulse,
  House,
  Inbox,
  KeyRound,
  Layers,
  LifeBuoy,
  LoaderCircle,
  MessageSquare,
  Plug,
  ReceiptText,
  Scale,
  ScrollText,
  Send,
  ShieldAlert,
  ShieldCheck,
  Undo2,
  UsersRound,
  Webhook,
} from "lucide-react";
import { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import Link from "./link.tsx";

const icons = {
  home: House,
  alerts: BellDot,
  approvals: Inbox,
  purchases: ReceiptText,
  refunds: Undo2,
  bulk: Layers,
  disputes: ShieldAlert,
  reconciliation: Scale,
  audit: ScrollText,
  events: Webhook,
  deliveries: Send,
  integrations: Plug,
  people: UsersRound,
  slack: MessageSquare,
  policies: ShieldCheck,
  keys: KeyRound,
  helpdesk: LifeBuoy,
  health: HeartPulse,
  data: DatabaseZap,
} as const;
export type NavIcon = keyof typeof icons;

/** One place of the sidebar; knows when the reader is there. */
export function NavLink({
  href,
  icon,
  count,
  children,
}: {
  href: string;
  icon: NavIcon;
  count: number;
  children: ReactNode;
}) {
  const pathname = usePathname();
  const here = pathname === href || pathname.startsWith(`${href}/`);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (here) link.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  return (
    <Link
      ref={link}
      href={href}
      aria-current={here ? "page" : undefined}
      className="flex h-8 shrink-0 items-center gap-1.5 rounded-md px-2 md:gap-2.5 md:px-2.5 text-sm text-ink-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
    >
      <PlaceIcon icon={icon} />
      <span className="md:flex-1">{children}</span>
      {count > 0 && (
        <span className="numeric rounded-full bg-waiting-tint px-1.5 text-2xs font-semibold text-waiting">
          {count}
          <span className="sr-only"> waiting</span>
        </span>
      )}
    </Link>
  );
}

/** Turns while the place is being fetched. */
function PlaceIcon({ icon }: { icon: NavIcon }) {
  const { pending } = useLinkStatus();
  const Icon = pending ? LoaderCircle : icons[icon];
  return (
    <Icon
      aria-hidden
      className={`hidden size-4 shrink-0 md:block ${pending ? "motion-safe:animate-spin" : ""}`}
    />
  );
}
