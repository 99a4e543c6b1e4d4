import type { ReactNode } from "react";
import { Logo } from "../../../components/logo.tsx";
import { ModeBand } from "../../../components/mode-band.tsx";
import { getRuntime } from "../../../src/runtime.ts";

/** Around the pages for an app's developer, who has no account here. */
export default function PortalLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <ModeBand mode={getRuntime().dependencies.settings.mode} />
      <header className="border-b border-line bg-surface">
        <p className="mx-auto flex max-w-5xl items-center gap-2 px-4 py-3 font-semibold tracking-tight md:px-8">
          <Logo /> Redress <span className="font-normal text-ink-faint">for app developers</span>
        </p>
      </header>
      <main className="mx-auto min-w-0 max-w-5xl px-4 py-6 md:px-8">{children}</main>
    </>
  );
}
