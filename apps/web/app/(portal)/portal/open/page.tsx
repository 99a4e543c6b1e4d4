import { isRedressError } from "@redress/core/errors";
import { findPortalLink } from "@redress/core/portal/find-link";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { Button } from "../../../../components/ui/button.tsx";
import { ZonedTime } from "../../../../components/when.tsx";
import { openPortalPage } from "../../../../src/access/portal.ts";
import { readSearch, type SearchParams } from "../../../../src/http/search.ts";
import { getRuntime } from "../../../../src/runtime.ts";

// The address of this page lets somebody in: it is named to no other.
export const metadata: Metadata = { title: "Open", referrer: "no-referrer" };

/** What a link for an app's developer leads to: opening it takes a click, and works once. */
export default async function OpenPage({ searchParams }: { searchParams: SearchParams }) {
  const { token } = await readSearch(searchParams, z.object({ token: z.string().max(200).catch("") }));
  const { link, app } = await read(token);
  return (
    <div className="mx-auto grid max-w-md gap-4 py-12">
      <h1 className="text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">
        Notifications of {app.name}
      </h1>
      <p className="text-ink-soft">
        See what the refund desk told your app and what it answered, send messages again, and replace the
        secret that signs them. What you do here is written down.
      </p>
      <p className="text-sm text-ink-soft">
        The link opens once, in this browser, and works until <ZonedTime at={link.expiresAt} />.
      </p>
      <form method="post" action="/portal/enter">
        <input type="hidden" name="token" value={token} />
        <Button type="submit" look="primary" size="wide">
          Open
        </Button>
      </form>
    </div>
  );
}

async function read(token: string) {
  const { dependencies } = getRuntime();
  try {
    return await findPortalLink(dependencies, dependencies.database, { token });
  } catch (error) {
    if (!isRedressError(error)) throw error;
  }
  // Who has opened it here goes on; anybody else is told that it has ended.
  await openPortalPage();
  redirect("/portal");
}
