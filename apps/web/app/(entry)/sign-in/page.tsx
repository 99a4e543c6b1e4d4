import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { Banner } from "../../../components/ui/banner.tsx";
import { currentOperator } from "../../../src/access/page.ts";
import { isSetupOpen } from "../../../src/auth/setup.ts";
import { readSearch, type SearchParams } from "../../../src/http/search.ts";
import { getRuntime } from "../../../src/runtime.ts";
import { SignInForm } from "./sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

const searchSchema = z.object({
  next: z.string().catch("/"),
  ended: z.literal("1").optional().catch(undefined),
});

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  if (await currentOperator()) redirect("/");
  if (await isSetupOpen(getRuntime().dependencies)) redirect("/setup");
  const { next, ended } = await readSearch(searchParams, searchSchema);
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
      {ended && <Banner tone="waiting">Your session has ended. Sign in to go on.</Banner>}
      <SignInForm next={next} />
      <p className="text-xs text-ink-faint">
        <a href="/forgot-password" className="underline">
          Forgot your password?
        </a>{" "}
        No account yet? An administrator of this desk invites you under People.
      </p>
    </>
  );
}
