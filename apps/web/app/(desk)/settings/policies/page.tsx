import type { AppView } from "@redress/core/apps/app-view";
import { listApps } from "@redress/core/apps/list-apps";
import { listPolicyVersions } from "@redress/core/policy/list-policy-versions";
import { reasonsOf } from "@redress/core/policy/reasons";
import { getPolicy, type PolicyView } from "@redress/core/policy/set-policy";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { FollowDeskForm } from "../../../../components/policies/follow-desk-form.tsx";
import { PolicyEditor } from "../../../../components/policies/policy-editor.tsx";
import { PolicyInWords } from "../../../../components/policies/policy-in-words.tsx";
import { PolicyOwners } from "../../../../components/policies/policy-owners.tsx";
import { VersionList } from "../../../../components/policies/version-list.tsx";
import { labelsOf, reasonName } from "../../../../components/refunds/reasons.ts";
import { Card, CardTitle } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { allows, scopeOf } from "../../../../src/access/scope.ts";
import { readSearch, type SearchParams } from "../../../../src/http/search.ts";

export const metadata: Metadata = { title: "Policies" };

const search = z.object({ app: z.string().max(100).optional().catch(undefined) });
const versionsShown = 20;

export default async function PoliciesPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, scope } = await openPage("apps.read");
  const { app: slug } = await readSearch(searchParams, search);
  const apps = await listApps(dependencies, { appIds: scope });
  const app = slug === undefined ? null : (apps.find((one) => one.slug === slug) ?? notFound());
  const owner = app === null ? "desk" : { slug: app.slug };
  const [view, versions] = await Promise.all([
    getPolicy(dependencies, owner),
    listPolicyVersions(dependencies, { owner, limit: versionsShown, reasonName: (code) => reasonName(code) }),
  ]);
  const mayChange =
    app === null
      ? scopeOf(operator.grants, "apps.manage") === "all"
      : allows(operator.grants, "apps.manage", app.id);
  return (
    <>
      <PageHeader
        title="Policies"
        description="Which requests need no person, which need one, and which are refused. The first rule that holds decides."
      />
      <PolicyOwners apps={apps} current={app?.slug} />
      <div className="grid gap-4">
        <Card>
          <CardTitle aside={<InForce app={app} view={view} />}>
            {app === null ? "The desk’s, for apps that have none of their own" : app.name}
          </CardTitle>
          <PolicyInWords
            policy={view.policy}
            reasonName={(code) => reasonName(code, labelsOf(reasonsOf(view.policy)))}
          />
        </Card>
        {mayChange && <ChangePolicy app={app} apps={apps} view={view} />}
        {versions.length > 0 && (
          <Card>
            <CardTitle>Versions</CardTitle>
            <VersionList versions={versions} />
          </Card>
        )}
      </div>
    </>
  );
}

function InForce({ app, view }: { app: AppView | null; view: PolicyView }) {
  return (
    <span className="text-xs whitespace-nowrap text-ink-faint">
      {app !== null && view.followsDesk ? "follows the desk’s" : `version ${view.version}`}
    </span>
  );
}

function ChangePolicy({
  app,
  apps,
  view,
}: {
  app: AppView | null;
  apps: readonly AppView[];
  view: PolicyView;
}) {
  const choice = ({ slug, name }: AppView) => ({ slug, name });
  // Those first whose requests it would judge.
  const followers = apps.toSorted((a, b) => Number(b.policy.isDefault) - Number(a.policy.isDefault));
  return (
    <>
      <PolicyEditor
        key={app?.slug ?? ""}
        title={app !== null && view.followsDesk ? `Give ${app.name} rules of its own` : "Change these rules"}
        policy={view.policy}
        seenVersion={view.version}
        app={app === null ? null : choice(app)}
        apps={followers.map(choice)}
      />
      {app !== null && !view.followsDesk && (
        <FollowDeskForm slug={app.slug} name={app.name} seenVersion={view.version} />
      )}
    </>
  );
}
