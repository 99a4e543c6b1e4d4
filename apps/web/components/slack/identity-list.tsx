import type { SlackIdentityView } from "@redress/core/slack/link-identity";
import { When } from "../when.tsx";
import { UnlinkForm } from "./slack-forms.tsx";

/** Which users of Slack act as whom, each with the way to end it. */
export function IdentityList({
  identities,
  nobody,
}: {
  identities: readonly SlackIdentityView[];
  nobody: string;
}) {
  if (identities.length === 0) return <p className="text-sm text-ink-soft">{nobody}</p>;
  return (
    <ul className="divide-y divide-line">
      {identities.map(({ teamId, userId, operatorId, name, linkedAt }) => (
        <li key={`${teamId} ${userId}`} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 text-sm">
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{name}</span>
            <span className="block truncate text-xs text-ink-faint">
              user <code className="font-mono">{userId}</code> of workspace{" "}
              <code className="font-mono">{teamId}</code>, since <When at={linkedAt} />
            </span>
          </span>
          <UnlinkForm operatorId={operatorId} teamId={teamId} userId={userId} />
        </li>
      ))}
    </ul>
  );
}
