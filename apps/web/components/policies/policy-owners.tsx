import { withSearch } from "../../src/http/search.ts";
import Link from "../link.tsx";

/** Whose policy is looked at: the desk's own, or an app's. */
export function PolicyOwners({
  apps,
  current,
}: {
  apps: readonly { slug: string; name: string; policy: { isDefault: boolean } }[];
  current: string | undefined;
}) {
  const owners = [
    { slug: undefined, name: "The desk’s", follows: false },
    ...apps.map(({ slug, name, policy }) => ({ slug, name, follows: policy.isDefault })),
  ];
  return (
    <nav aria-label="Whose policy" className="mb-4 flex max-h-40 flex-wrap gap-1 overflow-y-auto">
      {owners.map(({ slug, name, follows }) => (
        <Link
          key={slug ?? ""}
          href={withSearch("/settings/policies", { app: slug })}
          aria-current={slug === current ? "true" : undefined}
          className="rounded-full border border-line px-3 py-1 text-xs text-ink-soft hover:bg-sunken aria-[current=true]:border-ink aria-[current=true]:bg-ink aria-[current=true]:text-canvas"
        >
          {name}
          {follows && <span className="opacity-70"> · as the desk</span>}
        </Link>
      ))}
    </nav>
  );
}
