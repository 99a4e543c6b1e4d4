import { readApprovalMail } from "@redress/core/approvals/approval-mail-setting";
import { listSlackIdentities } from "@redress/core/slack/link-identity";
import type { Metadata } from "next";
import { IdentityList } from "../../../../components/slack/identity-list.tsx";
import { MailForm, MakeCodeForm } from "../../../../components/slack/slack-forms.tsx";
import { Banner } from "../../../../components/ui/banner.tsx";
import { Card } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { scopeOf } from "../../../../src/access/scope.ts";

export const metadata: Metadata = { title: "Slack and e-mail" };

export default async function SlackPage() {
  const { dependencies, operator } = await openPage("refunds.read");
  const { grants, id: operatorId } = operator;
  const decides = scopeOf(grants, "refunds.decide").length > 0;
  const managesPeople = scopeOf(grants, "operators.manage") === "all";
  const [own, everybody, mail] = await Promise.all([
    listSlackIdentities(dependencies, { operatorId }),
    managesPeople ? listSlackIdentities(dependencies) : [],
    readApprovalMail(dependencies, { operatorId }),
  ]);
  const others = everybody.filter((identity) => identity.operatorId !== operatorId);
  return (
    <>
      <PageHeader
        title="Slack and e-mail"
        description="Where requests that you may approve reach you, and which user of Slack you are."
      />
      <div className="grid gap-4">
        {dependencies.slack === null && (
          <Banner tone="plain" title="This desk has no Slack app.">
            Whoever runs it sets SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET; docs/slack.md says how.
          </Banner>
        )}
        <Card className="grid gap-3 p-4">
          <h2 className="text-sm font-medium">You in Slack</h2>
          <IdentityList identities={own} nobody="No user of Slack is linked to you." />
          {decides && dependencies.slack !== null && <MakeCodeForm />}
        </Card>
        <Card className="p-4">
          <MailForm wanted={mail} />
        </Card>
        {managesPeople && (
          <Card className="grid gap-3 p-4">
            <h2 className="text-sm font-medium">Everybody else</h2>
            <IdentityList identities={others} nobody="Nobody else is linked." />
          </Card>
        )}
      </div>
    </>
  );
}
