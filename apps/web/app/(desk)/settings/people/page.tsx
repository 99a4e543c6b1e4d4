import { listApps } from "@redress/core/apps/list-apps";
import { readDeskSetting, readSingleAdminSetting } from "@redress/core/operators/single-admin";
import type { Metadata } from "next";
import {
  InviteForm,
  PersonActions,
  RequireFactorForm,
} from "../../../../components/people/invitation-forms.tsx";
import { InvitationList } from "../../../../components/people/invitation-list.tsx";
import {
  AddPersonForm,
  GiveRoleForm,
  OwnApprovalForm,
  SetPasswordForm,
} from "../../../../components/people/person-forms.tsx";
import { Card } from "../../../../components/ui/card.tsx";
import { PageHeader } from "../../../../components/ui/page.tsx";
import { When } from "../../../../components/when.tsx";
import { openPage } from "../../../../src/access/page.ts";
import { minimumPasswordLength } from "../../../../src/auth/auth.ts";
import { listInvitations, listOperators, type OperatorView } from "../../../../src/reads/list-operators.ts";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const { dependencies } = await openPage("operators.manage", "desk");
  const [people, apps, ownApproval, invitations, factorRequired] = await Promise.all([
    listOperators(dependencies),
    listApps(dependencies, { appIds: "all" }),
    readSingleAdminSetting(dependencies),
    listInvitations(dependencies),
    readDeskSetting(dependencies, "second_factor_required"),
  ]);
  const choices = apps.map(({ slug, name }) => ({ slug, name }));
  return (
    <>
      <PageHeader
        title="People"
        description={`Who may sign in, and what they may do. ${ownRequestRule(ownApproval, people)}`}
      />
      <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)">
        {people.map((person) => (
          <li key={person.id}>
            <details>
              <summary className="flex list-none flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken/60 [&::-webkit-details-marker]:hidden">
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-sm font-medium">{person.name}</span>
                  <span className="block truncate text-xs text-ink-faint">{person.email}</span>
                </span>
                {person.deactivatedAt && <span className="text-xs text-bad">deactivated</span>}
                {!person.hasSecondFactor && <span className="text-xs text-ink-faint">no second factor</span>}
                <Roles roles={person.roles} />
                <span className="hidden w-28 text-right text-xs text-ink-faint sm:block">
                  since <When at={person.createdAt} />
                </span>
              </summary>
              <div className="grid gap-4 border-t border-line bg-canvas p-4">
                <GiveRoleForm operatorId={person.id} apps={choices} />
                <SetPasswordForm operatorId={person.id} minimumPasswordLength={minimumPasswordLength} />
                <PersonActions person={person} />
              </div>
            </details>
          </li>
        ))}
      </ul>
      <InvitationList invitations={invitations} now={dependencies.clock.now()} />
      <InviteForm apps={choices} mailWay={dependencies.mail.way} open={people.length < 2} />
      <AddPersonForm apps={choices} minimumPasswordLength={minimumPasswordLength} />
      <Card className="mt-4 p-4">
        <OwnApprovalForm allowed={ownApproval} />
        <RequireFactorForm required={factorRequired} />
      </Card>
    </>
  );
}

/** Who approves whose requests, as the setting below and the number of administrators have it. */
function ownRequestRule(setting: boolean, people: readonly OperatorView[]): string {
  const admins = people.filter(({ roles }) => roles.some(({ role }) => role === "admin")).length;
  if (!setting) return "Nobody approves their own requests, so a desk needs two.";
  if (admins === 1) return "The only administrator may approve their own requests; nobody else may.";
  return `Nobody approves their own requests: the setting below holds once there is one administrator, not ${admins}.`;
}

function Roles({ roles }: { roles: OperatorView["roles"] }) {
  if (roles.length === 0) return <span className="text-xs text-waiting">No role</span>;
  return (
    <span className="flex flex-wrap gap-1.5">
      {roles.map(({ role, app }) => (
        <span key={`${role} ${app}`} className="rounded-full bg-quiet-tint px-2.5 py-0.5 text-xs text-quiet">
          {role}
          {app && <span className="text-ink-faint"> · {app}</span>}
        </span>
      ))}
    </span>
  );
}
