import type { Metadata } from "next";
import { z } from "zod";
import {
  BeginSecondFactorForm,
  ChangePasswordForm,
  ConfirmSecondFactorForm,
  DisableSecondFactorForm,
  EndSessionForm,
} from "../../../components/account/account-forms.tsx";
import { Banner } from "../../../components/ui/banner.tsx";
import { Card } from "../../../components/ui/card.tsx";
import { PageHeader } from "../../../components/ui/page.tsx";
import { When } from "../../../components/when.tsx";
import { signedInOperator } from "../../../src/access/page.ts";
import { minimumPasswordLength } from "../../../src/auth/auth.ts";
import { readSearch, type SearchParams } from "../../../src/http/search.ts";
import { readOwnAccount } from "../../../src/reads/own-account.ts";
import { getRuntime } from "../../../src/runtime.ts";

export const metadata: Metadata = { title: "Your account" };

const search = z.object({ done: z.enum(["password", "factor"]).optional().catch(undefined) });
const doneSentences = {
  password: "The new password holds. Your other sessions have ended.",
  factor: "Your second factor is on: from now on signing in asks for a code.",
};

export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const { done } = await readSearch(searchParams, search);
  const { id, email, sessionToken } = await signedInOperator();
  const { dependencies } = getRuntime();
  const account = await readOwnAccount(dependencies, { operatorId: id, sessionToken });
  return (
    <>
      <PageHeader title="Your account" description={email} />
      {done && (
        <Banner tone="good" className="mb-4">
          {doneSentences[done]}
        </Banner>
      )}
      <Card className="grid gap-3 p-4">
        <h2 className="text-sm font-medium">Second factor: {account.secondFactor === "on" ? "on" : "off"}</h2>
        {account.secondFactor === "on" ? <DisableSecondFactorForm /> : <BeginSecondFactorForm />}
        {account.secondFactor === "begun" && <ConfirmSecondFactorForm />}
      </Card>
      <Card className="mt-4 grid gap-3 p-4">
        <h2 className="text-sm font-medium">Password</h2>
        <ChangePasswordForm minimumPasswordLength={minimumPasswordLength} />
      </Card>
      <Card className="mt-4 p-4">
        <h2 className="text-sm font-medium">Sessions</h2>
        <ul className="divide-y divide-line">
          {account.sessions.map((session) => (
            <li key={session.id} className="flex flex-wrap items-center gap-3 py-2 text-sm">
              <span className="min-w-0 flex-1">
                <span className="block truncate">{session.userAgent || "Unknown browser"}</span>
                <span className="block text-xs text-ink-faint">
                  {session.ipAddress} · since <When at={session.createdAt} />
                  {session.isThis && " · this one"}
                </span>
              </span>
              {!session.isThis && <EndSessionForm sessionId={session.id} />}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
