import type { PolicyVersionView } from "@redress/core/policy/list-policy-versions";
import { When } from "../when.tsx";

/** Who changed a policy, when, and what each change said; newest first. */
export function VersionList({ versions }: { versions: readonly PolicyVersionView[] }) {
  return (
    <ol className="divide-y divide-line text-sm">
      {versions.map((version, index) => (
        <li key={version.number} className="grid gap-1 px-4 py-3" data-version={version.number}>
          <span>
            <span className="font-medium">Version {version.number}</span>
            {index === 0 && <span className="ml-2 text-xs text-good">newest</span>}
            <span className="text-ink-faint">
              {" "}
              · {version.author ?? "the desk itself"}, <When at={version.createdAt} />
            </span>
          </span>
          <Change version={version} />
        </li>
      ))}
    </ol>
  );
}

function Change({ version: { policy, change } }: { version: PolicyVersionView }) {
  if (policy === null) return <p className="text-ink-soft">From here on the app follows the desk’s.</p>;
  const { added, removed, reordered } = change;
  const lines = [
    ...removed.map((line) => ({ mark: "−", spoken: "Removed: ", look: "text-bad", line })),
    ...added.map((line) => ({ mark: "+", spoken: "Added: ", look: "text-good", line })),
  ];
  return (
    <ul className="grid gap-0.5 text-ink-soft">
      {lines.map(({ mark, spoken, look, line }) => (
        <li key={`${mark}${line}`} className="flex gap-2">
          <span aria-hidden className={`font-mono ${look}`}>
            {mark}
          </span>
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <span className="sr-only">{spoken}</span>
            {line}
          </span>
        </li>
      ))}
      {reordered && <li>The rules that stayed are in another order.</li>}
      {lines.length === 0 && !reordered && <li>No rules: every request is asked of an approver.</li>}
    </ul>
  );
}
