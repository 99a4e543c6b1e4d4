import { isRedressError } from "@redress/core/errors";
import { findInvitation } from "@redress/core/operators/invitation-row";
import type { Metadata } from "next";
import { z } from "zod";
import { AcceptForm } from "../../../components/entry/entry-forms.tsx";
import { Banner } from "../../../components/ui/banner.tsx";
import { minimumPasswordLength } from "../../../src/auth/auth.ts";
import { readSearch, type SearchParams } from "../../../src/http/search.ts";
import { getRuntime } from "../../../src/runtime.ts";

// The address of this page lets somebody in: it is named to no other site. Not to ours either would leave the form without
// an origin, and Next refuses it then where there are no scripts.
export const metadata: Metadata = { title: "Invitation", referrer: "same-origin", robots: "noindex" };

export default async function InvitationPage({ searchParams }: { searchParams: SearchParams }) {
  const { token } = await readSearch(searchParams, z.object({ token: z.string().max(200).catch("") }));
  const invitation = await read(token);
  if (typeof invitation === "string") return <Banner tone="bad">{invitation}</Banner>;
  return (
    <>
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">Welcome</h1>
        <p className="mt-1 text-sm text-ink-soft [overflow-wrap:anywhere]">
          You are invited as {invitation.role}, and sign in with {invitation.email}.
        </p>
      </div>
      <AcceptForm token={token} minimumPasswordLength={minimumPasswordLength} />
    </>
  );
}

async function read(token: string) {
  const { dependencies } = getRuntime();
  try {
    return await findInvitation(dependencies, dependencies.database, token);
  } catch (error) {
    if (isRedressError(error)) return error.message;
    throw error;
  }
}
