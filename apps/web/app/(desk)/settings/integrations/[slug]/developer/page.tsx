import { getApp } from "@redress/core/apps/get-app";
import { listPortalLinks } from "@redress/core/portal/link-view";
import { Link2 } from "lucide-react";
import type { Metadata } from "next";
import { BackLink } from "../../../../../../components/back-link.tsx";
import { MakeLinkForm } from "../../../../../../components/portal/link-forms.tsx";
import { LinkRow } from "../../../../../../components/portal/link-row.tsx";
import { EmptyState, PageHeader } from "../../../../../../components/ui/page.tsx";
import { openPage } from "../../../../../../src/access/page.ts";

export const metadata: Metadata = { title: "Links for developers" };

/** Links by which the developers of one app see and mend its notifications without an account. */
export default async function DeveloperLinksPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const { dependencies } = await openPage("apps.manage", { app: () => slug });
  const [app, links] = await Promise.all([
    getApp(dependencies, { slug }),
    listPortalLinks(dependencies, { slug }),
  ]);
  return (
    <>
      <BackLink href={`/settings/integrations#app-${slug}`}>Integrations</BackLink>
      <PageHeader
        title={`Links for developers of ${app.name}`}
        description="Who has one sees this app’s deliveries, sends a ping or messages again, and replaces the notification secret. No account is needed; you answer for what is done with a link of yours."
      />
      {links.length === 0 ? (
        <EmptyState icon={Link2} title="No links yet">
          Make one below and send it to the person who looks after the app’s code.
        </EmptyState>
      ) : (
        <ul
          aria-label="Links"
          className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)"
        >
          {links.map((link) => (
            <LinkRow key={link.id} slug={slug} link={link} />
          ))}
        </ul>
      )}
      <MakeLinkForm slug={slug} open={links.length === 0} />
    </>
  );
}
