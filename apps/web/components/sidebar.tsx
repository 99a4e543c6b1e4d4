import { LogOut } from "lucide-react";
import type { ReactNode } from "react";
import { leave } from "../app/actions.ts";
import type { SignedIn } from "../src/access/operator.ts";
import type { Theme } from "../src/theme.ts";
import { ActionForm } from "./action-form.tsx";
import Link from "./link.tsx";
import { Logo } from "./logo.tsx";
import { NavLink } from "./nav-link.tsx";
import { PaletteButton } from "./palette/palette-button.tsx";
import { type Place, placesFor } from "./places.ts";
import { ThemeChoice } from "./theme-choice.tsx";

export function Sidebar({
  operator,
  waiting,
  theme,
  appSwitcher,
}: {
  operator: SignedIn;
  /** Chooses whose refunds are shown. */
  appSwitcher: ReactNode;
  /** How much waits in which place. */
  waiting: Readonly<Record<string, number>>;
  theme: Theme;
}) {
  const { work, settings } = placesFor(operator.grants);
  return (
    <div className="flex flex-wrap items-center gap-x-2 border-b border-line bg-surface pr-4 md:sticky md:top-7 md:z-5 md:h-[calc(100dvh-1.75rem)] md:flex-col md:flex-nowrap md:items-stretch md:border-r md:border-b-0 md:pr-0">
      <Link
        href="/"
        className="flex items-center gap-2 px-4 pt-3 font-semibold tracking-tight md:pt-5 md:pb-4"
      >
        <Logo /> Redress
      </Link>
      <PaletteButton />
      {appSwitcher}
      {/* One line that scrolls on a phone, so that the page begins high up. */}
      <div className="relative -mr-4 flex w-[calc(100%+1rem)] items-center overflow-x-auto md:contents">
        <nav
          aria-label="Main"
          className="flex gap-0.5 px-2 py-2 md:flex-1 md:flex-col md:overflow-y-auto md:py-0"
        >
          {work.map((place) => (
            <PlaceLink key={place.href} place={place} count={waiting[place.href] ?? 0} />
          ))}
          {settings.length > 0 && (
            <h2 className="hidden px-2.5 pt-4 pb-1 text-xs font-medium text-ink-faint md:block">Settings</h2>
          )}
          {settings.map((place) => (
            <PlaceLink key={place.href} place={place} count={0} />
          ))}
        </nav>
        <div className="flex shrink-0 items-center gap-3 pr-4 md:flex-col md:items-stretch md:border-t md:border-line md:p-4">
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
