import type { Metadata } from "next";
import { FindingList } from "../../../../components/health/finding-list.tsx";
import Link from "../../../../components/link.tsx";
import { Button } from "../../../../components/ui/button.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { getRuntime } from "../../../../src/runtime.ts";
import { version } from "../../../../src/version.ts";

export const metadata: Metadata = { title: "Health" };

export default async function HealthPage() {
  await openPage("operators.manage", "desk");
  const findings = await getRuntime().examine();
  const wrong = findings.filter(({ state }) => state === "failed").length;
  const doubtful = findings.filter(({ state }) => state === "warning").length;
  return (
    <>
      <PageHeader
        title="Health"
        description={`${summary(wrong, doubtful)} Redress ${version}. The same as redress doctor --server; looking changes nothing.`}
      >
        <Button asChild size="small">
          <Link href="/settings/health">Look again</Link>
        </Button>
      </PageHeader>
      <FindingList findings={findings} />
    </>
  );
}

function summary(wrong: number, doubtful: number): string {
  if (wrong > 0) return wrong === 1 ? "One thing is wrong." : `${wrong} things are wrong.`;
  if (doubtful > 0)
    return doubtful === 1 ? "It works; one thing to look at." : `It works; ${doubtful} things to look at.`;
  return "All is well.";
}
