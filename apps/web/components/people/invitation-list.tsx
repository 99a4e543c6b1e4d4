import { inviteAgain, revoke } from "../../app/(desk)/settings/people/actions.ts";
import { When } from "../when.tsx";
import { PersonButton } from "./invitation-forms.tsx";

interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly app: string | null;
  readonly expiresAt: Date;
}

/** Invitations that nobody has taken yet. */
export function InvitationList({ invitations, now }: { invitations: readonly Invitation[]; now: Date }) {
  if (invitations.length === 0) return null;
  return (
    <section aria-label="Invitations" className="mt-4 rounded-lg border border-line bg-surface">
      <ul className="divide-y divide-line">
        {invitations.map(({ id, email, role, app, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-3 px-4 py-3 text-sm">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{email}</span>
              <span className="block text-xs text-ink-faint">
                invited as {role}
                {app && ` in ${app}`}, {expiresAt <= now ? "lapsed" : "until"} <When at={expiresAt} />
              </span>
            </span>
            <PersonButton action={inviteAgain} name="invitationId" value={id} label="Send again" />
            <PersonButton action={revoke} name="invitationId" value={id} label="Revoke" />
          </li>
        ))}
      </ul>
    </section>
  );
}
