import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { minimumPasswordLength } from "../../../src/auth/auth.ts";
import { isSetupOpen } from "../../../src/auth/setup.ts";
import { getRuntime } from "../../../src/runtime.ts";
import { SetupForm } from "./setup-form.tsx";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage() {
  if (!(await isSetupOpen(getRuntime().dependencies))) redirect("/sign-in");
  return (
    <>
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">Set up this desk</h1>
        <p className="mt-1 text-sm text-ink-soft">
          You become its first administrator: you connect apps, and give colleagues their roles. After this,
          nobody can sign up by themselves.
        </p>
      </div>
      <SetupForm minimumPasswordLength={minimumPasswordLength} />
    </>
  );
}
