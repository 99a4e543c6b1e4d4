import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { currentOperator } from "../../../src/access/page.ts";
import { isSetupOpen } from "../../../src/auth/setup.ts";
import { readSearch, type SearchParams } from "../../../src/http/search.ts";
import { getRuntime } from "../../../src/runtime.ts";
import { SignInForm } from "./sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  if (await currentOperator()) redirect("/");
  if (await isSetupOpen(getRuntime().dependencies)) redirect("/setup");
  const { next } = await readSearch(searchParams, z.object({ next: z.string().catch("/") }));
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
      <SignInForm next={next} />
      <p className="text-xs text-ink-faint">
        No account yet? An administrator of this desk makes one for you under People.
      </p>
    </>
  );
}
