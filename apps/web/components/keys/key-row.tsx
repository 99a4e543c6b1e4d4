import type { KeyView } from "@redress/core/keys/key-view";
import { Breakable } from "../breakable.tsx";
import { Properties, Property } from "../ui/card.tsx";
import { When } from "../when.tsx";
import { KeyWebhookForm, NewSecretForm, RevokeKeyForm } from "./key-forms.tsx";
import { permissionNames } from "./permission-names.ts";

/** One key, folded: what it is for and when it was used; unfolded: what it may do, and how it is ended. */
export function KeyRow({ apiKey, isOwn }: { apiKey: KeyView; isOwn: boolean }) {
  const [present] = apiKey.secrets;
  const isActive = apiKey.status === "active";
  return (
    <li data-key={apiKey.id}>
      <details>
        <summary className="flex list-none flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken/60 [&::-webkit-details-marker]:hidden">
          <span className="min-w-0 flex-1 basis-48">
            <span className="block truncate text-sm font-medium">{apiKey.name}</span>
            <span className="block truncate text-xs text-ink-faint">
              <code className="font-mono">{present?.prefix}…</code> · {apiKey.owner.name}
            </span>
          </span>
          <span className="text-xs text-ink-soft">
            {apiKey.lastUsedAt ? (
              <>
                used <When at={apiKey.lastUsedAt} />
              </>
            ) : (
              "never used"
            )}
          </span>
          <KeyState apiKey={apiKey} />
        </summary>
        <div className="border-t border-line bg-canvas">
          <KeyProperties apiKey={apiKey} />
          {isActive && (
            <div className="grid gap-4 border-t border-line p-4">
              {isOwn ? (
                <>
                  <NewSecretForm keyId={apiKey.id} />
                  <KeyWebhookForm keyId={apiKey.id} url={apiKey.webhook?.url ?? ""} />
                </>
              ) : (
                <p className="text-sm text-ink-soft">
                  Only {apiKey.owner.name} can make a new secret of this key: whoever sees it answers for it.
                </p>
              )}
              <RevokeKeyForm keyId={apiKey.id} name={apiKey.name} />
            </div>
          )}
        </div>
      </details>
    </li>
  );
}

const stateLooks = {
  active: "bg-good-tint text-good",
  expired: "bg-quiet-tint text-quiet",
  revoked: "bg-bad-tint text-bad",
} as const;

function KeyState({ apiKey: { status, expiresAt, revokedAt } }: { apiKey: KeyView }) {
  return (
    <span className={`rounded-full px-2.5 py-0.5 text-xs ${stateLooks[status]}`}>
      {status === "active" ? "works until" : status} <When at={revokedAt ?? expiresAt} />
    </span>
  );
}

function KeyProperties({ apiKey }: { apiKey: KeyView }) {
  return (
    <Properties>
      <Property name="May">{apiKey.permissions.map((one) => permissionNames[one]).join(", ")}</Property>
      <Property name="In">
        {apiKey.apps === "all" ? "every app of its owner’s" : apiKey.apps.join(", ")}
      </Property>
      <Property name="Calls a minute">{apiKey.ratePerMinute}</Property>
      {apiKey.webhook && (
        <Property name="Told at">
          <Breakable text={apiKey.webhook.url} />
          {apiKey.webhook.lastAt && (
            <>
              , last <When at={apiKey.webhook.lastAt} />: {apiKey.webhook.lastOutcome}
            </>
          )}
        </Property>
      )}
      <Property name="Made">
        <When at={apiKey.createdAt} /> by {apiKey.owner.name}
      </Property>
      <Property name="Secrets">
        <ul className="grid gap-1">
          {apiKey.secrets.map(({ prefix, createdAt, endsAt, lastUsedAt }) => (
            <li key={`${prefix} ${createdAt.toISOString()}`} className="text-ink-soft">
              <code className="font-mono text-xs text-ink">
                <Breakable text={prefix} />…
              </code>{" "}
              made <When at={createdAt} />
              {endsAt && (
                <>
                  , replaced: ends <When at={endsAt} />
                </>
              )}
              {lastUsedAt && (
                <>
                  , last used <When at={lastUsedAt} />
                </>
              )}
            </li>
          ))}
        </ul>
      </Property>
    </Properties>
  );
}
