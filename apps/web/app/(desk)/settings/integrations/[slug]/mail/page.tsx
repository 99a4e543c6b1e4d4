import { getApp } from "@redress/core/apps/get-app";
import { getCustomerMail } from "@redress/core/customer-mail/customer-mail-settings";
import type { Metadata } from "next";
import { BackLink } from "../../../../../../components/back-link.tsx";
import { MailForm } from "../../../../../../components/customer-mail/mail-form.tsx";
import { SenderForm } from "../../../../../../components/customer-mail/sender-form.tsx";
import { Banner } from "../../../../../../components/ui/banner.tsx";
import { Card, CardTitle } from "../../../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../../../components/ui/page.tsx";
import { openPage } from "../../../../../../src/access/page.ts";

export const metadata: Metadata = { title: "Mail to customers" };

const kinds = [
  {
    kind: "started",
    title: "A refund started",
    label: "Write to the customer when Stripe has taken the refund and the money is on its way",
  },
  {
    kind: "succeeded",
    title: "A refund succeeded",
    label: "Write to the customer when Stripe has sent the money",
  },
  {
    kind: "failed",
    title: "A refund failed",
    label: "Write to the customer when the money did not arrive, also when it failed after it had succeeded",
  },
] as const;

/** Of what the customers of one app are written to, and in which words. */
export default async function CustomerMailPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const { dependencies } = await openPage("apps.manage", { app: () => slug });
  const [app, mail] = await Promise.all([
    getApp(dependencies, { slug }),
    getCustomerMail(dependencies, { slug }),
  ]);
  return (
    <>
      <BackLink href={`/settings/integrations#app-${slug}`}>Integrations</BackLink>
      <PageHeader
        title={`Mail to customers of ${app.name}`}
        description="Nothing is sent unless it is switched on here. Each is sent once for a refund, to the address of the purchase."
      />
      <div className="grid gap-4">
        {mail.delivery !== "smtp" && (
          <Banner tone="waiting" title="This desk has no mail server.">
            {mail.delivery === "log"
              ? "Messages are printed to the log, since SMTP_URL is not set."
              : "Nothing is sent, whatever is switched on here. Set SMTP_URL and MAIL_FROM."}
          </Banner>
        )}
        <Card>
          <CardTitle>All mail</CardTitle>
          <SenderForm slug={slug} locale={mail.locale} replyTo={mail.replyTo ?? ""} />
        </Card>
        <p className="text-sm text-ink-soft">
          Placeholders: {mail.placeholders.map((name) => `{{${name}}}`).join(", ")}. Words after a bar stand
          where nothing is known: {"{{customer_name|there}}"}.
        </p>
        {kinds.map(({ kind, title, label }) => (
          <Card key={kind} id={kind}>
            <CardTitle>{title}</CardTitle>
            <MailForm slug={slug} kind={kind} label={label} values={mail[kind]} />
          </Card>
        ))}
      </div>
    </>
  );
}
