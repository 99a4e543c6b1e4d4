import type { Metadata } from "next";
import { ForgotForm } from "../../../components/entry/entry-forms.tsx";
import { Banner } from "../../../components/ui/banner.tsx";
import { getRuntime } from "../../../src/runtime.ts";

export const metadata: Metadata = { title: "Forgot your password?" };

export default function ForgotPasswordPage() {
  const { way } = getRuntime().dependencies.mail;
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Forgot your password?</h1>
      {way === "none" && (
        <Banner tone="waiting">
          This desk sends no mail. Ask an administrator to set a new password for you.
        </Banner>
      )}
      {way === "log" && <Banner tone="plain">The link is printed to the log of the server.</Banner>}
      {way !== "none" && <ForgotForm />}
    </>
  );
}
