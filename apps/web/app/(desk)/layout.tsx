import { listApps } from "@redress/core/apps/list-apps";
import type { Permission } from "@redress/core/operators/permissions";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AppSwitcher } from "../../components/apps/app-switcher.tsx";
import { StoppedApps } from "../../components/apps/stopped-apps.tsx";
import { FreshOnReturn } from "../../components/fresh-on-return.tsx";
import { LiveUpdates } from "../../components/live/live-updates.tsx";
import { TellZone } from "../../components/live/tell-zone.tsx";
import { ModeBand } from "../../components/mode-band.tsx";
import { CommandPalette } from "../../components/palette/command-palette.tsx";
import { placesFor } from "../../components/places.ts";
import { Sidebar } from "../../components/sidebar.tsx";
import { chosenAppsCookie, narrow, parseChosenApps } from "../../src/access/chosen-apps.ts";
import { signedInOperator } from "../../src/access/page.ts";
import { allows, scopeOf } from "../../src/access/scope.ts";
import { readerZone, zoneCookie } from "../../src/reader-zone.ts";
import { countAlerts } from "../../src/reads/count-alerts.ts";
import { countAwaiting, countAwaitingLists } from "../../src/reads/count-awaiting.ts";
import { getRuntime } from "../../src/runtime.ts";
import { parseTheme, themeCookie } from "../../src/theme.ts";

/** The shell around every page of a signed-in operator. */
export default async function DeskLayout({ children }: { children: ReactNode }) {
  const { dependencies } = getRuntime();
  const operator = await signedInOperator();
  const { grants } = operator;
  const jar = await cookies();
  const chosen = parseChosenApps(jar.get(chosenAppsCookie)?.value);
  const shown = (permission: Permission) => narrow(scopeOf(grants, permission), chosen);
  const [awaiting, lists, alerts, apps, stopped] = await Promise.all([
    countAwaiting(dependencies, shown("refunds.decide")),
    countAwaitingLists(dependencies, shown("refunds.decide")),
    // Never narrowed: what is wrong is not hidden by what somebody looks at.
    countAlerts(dependencies, { grants, appIds: scopeOf(grants, "refunds.read") }),
    listApps(dependencies, { appIds: scopeOf(grants, "refunds.read") }),
    listApps(dependencies, { appIds: scopeOf(grants, "apps.read"), stopped: true }),
  ]);
  const releasable = new Set(stopped.flatMap(({ id }) => (allows(grants, "apps.manage", id) ? [id] : [])));
  const theme = parseTheme(jar.get(themeCookie)?.value);
  const { work, settings } = placesFor(grants);
  const places = [
    ...[...work, ...settings].map(({ href, label, key }) => ({ href, label, key })),
    { href: "/account", label: "Your account" },
  ];
  return (
    <>
      <FreshOnReturn />
      <TellZone cookie={zoneCookie} known={await readerZone()} />
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <ModeBand mode={dependencies.settings.mode} />
      <div className="md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]">
        <Sidebar
          operator={operator}
          waiting={{ "/approvals": awaiting, "/bulk-refunds": lists, "/needs-you": alerts }}
          theme={theme}
          appSwitcher={<AppSwitcher apps={apps} chosen={chosen} />}
        />
        <main id="main" tabIndex={-1} className="min-w-0 px-4 py-6 outline-none md:px-8">
          <div className="mx-auto max-w-6xl">
            <StoppedApps apps={stopped} releasable={releasable} />
            {children}
          </div>
        </main>
      </div>
      <CommandPalette places={places} finds={work.some(({ href }) => href === "/purchases")} />
      {work.some(({ href }) => href === "/refunds") && <LiveUpdates />}
    </>
  );
}
