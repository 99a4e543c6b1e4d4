import type { ReactNode } from "react";
import { Logo } from "../../components/logo.tsx";
import { ModeBand } from "../../components/mode-band.tsx";
import { getRuntime } from "../../src/runtime.ts";

/** Around the pages for those who are not signed in. */
export default function EntryLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <ModeBand mode={getRuntime().dependencies.settings.mode} />
      <main className="mx-auto flex min-h-[calc(100dvh-2rem)] max-w-sm flex-col justify-center gap-6 px-5 py-12">
        <p className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
          <Logo className="size-7" /> Redress
        </p>
        {children}
      </main>
    </>
  );
}
