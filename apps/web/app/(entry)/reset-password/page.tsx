import type { Metadata } from "next";
import { z } from "zod";
import { ResetForm } from "../../../components/entry/entry-forms.tsx";
import { minimumPasswordLength } from "../../../src/auth/auth.ts";
import { readSearch, type SearchParams } from "../../../src/http/search.ts";

export const metadata: Metadata = { title: "New password", referrer: "same-origin", robots: "noindex" };

export default async function ResetPasswordPage({ searchParams }: { searchParams: SearchParams }) {
  const { token } = await readSearch(searchParams, z.object({ token: z.string().max(200).catch("") }));
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Choose a new password</h1>
      <ResetForm token={token} minimumPasswordLength={minimumPasswordLength} />
    </>
  );
}
