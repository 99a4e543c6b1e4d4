import type { EmbedKeyView } from "@redress/core/embed/embed-key-view";
import { CopyText } from "../copy-text.tsx";
import { Properties, Property } from "../ui/card.tsx";
import { When } from "../when.tsx";
import { EmbedSecretForm, EndEmbedKeyForm } from "./helpdesk-forms.tsx";

/** One helpdesk's key, folded: which; unfolded: where it is shown, for which apps, and how it is ended. */
export function EmbedKeyRow({ embedKey }: { embedKey: EmbedKeyView }) {
  const { id, name, origins, apps, createdBy, createdAt, previousUntil, revokedAt } = embedKey;
  return (
    <li data-embed-key={id}>
      <details>
        <summary className="flex list-none flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken/60 [&::-webkit-details-marker]:hidden">
          <span className="min-w-0 flex-1 basis-48">
            <span className="block truncate text-sm font-medium">{name}</span>
            <span className="block truncate text-xs text-ink-faint">{origins.join(", ")}</span>
          </span>
          <span
            className={`rounded-full px-2.5 py-0.5 text-xs ${revokedAt ? "bg-bad-tint text-bad" : "bg-good-tint text-good"}`}
          >
            {revokedAt ? (
              <>
                revoked <When at={revokedAt} />
              </>
            ) : (
              "works"
            )}
          </span>
        </summary>
        <div className="border-t border-line bg-canvas">
          <Properties>
            <Property name="Key id">
              <CopyText text={id} label="key id" />
            </Property>
            <Property name="Framed by">{origins.join(", ")}</Property>
            <Property name="Apps">{apps === "all" ? "every app" : apps.join(", ")}</Property>
            <Property name="Made">
              <When at={createdAt} /> by {createdBy.name}
            </Property>
            {previousUntil && (
              <Property name="Old secret">
                believed until <When at={previousUntil} />
              </Property>
            )}
          </Properties>
          {revokedAt === null && (
            <div className="grid gap-4 border-t border-line p-4">
              <EmbedSecretForm embedKeyId={id} />
              <EndEmbedKeyForm embedKeyId={id} name={name} />
            </div>
          )}
        </div>
      </details>
    </li>
  );
}
