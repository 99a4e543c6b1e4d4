import type { PortalLinkView } from "@redress/core/portal/link-view";
import { When } from "../when.tsx";
import { EndLinkForm } from "./link-forms.tsx";

const looks = {
  unopened: "bg-waiting-tint text-waiting",
  opened: "bg-good-tint text-good",
  expired: "bg-quiet-tint text-quiet",
  revoked: "bg-bad-tint text-bad",
} as const;

/** One link for an app's developer: whom it is for, where it stands, and how it is ended. */
export function LinkRow({ slug, link }: { slug: string; link: PortalLinkView }) {
  const { id, name, status, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = link;
  const works = status === "unopened" || status === "opened";
  return (
    <li data-link={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate text-sm font-medium">{name}</span>
        <span className="block text-xs text-ink-faint">
          made by {createdBy.name} <When at={createdAt} />
          {lastUsedAt && (
            <>
              , last used <When at={lastUsedAt} />
            </>
          )}
        </span>
      </span>
      <span className={`rounded-full px-2.5 py-0.5 text-xs ${looks[status]}`}>
        {works ? `${status}, until` : status} <When at={revokedAt ?? expiresAt} />
      </span>
      {works && <EndLinkForm slug={slug} linkId={id} name={name} />}
    </li>
  );
}
