import { Button } from "./ui/button.tsx";
import { Select } from "./ui/field.tsx";

interface NamedApp {
  readonly slug: string;
  readonly name: string;
}

/** The choices of a list of apps, the first of which is none of them. */
export function AppOptions({ apps, none = "All apps" }: { apps: readonly NamedApp[]; none?: string }) {
  return (
    <>
      <option value="">{none}</option>
      {apps.map(({ slug, name }) => (
        <option key={slug} value={slug}>
          {name}
        </option>
      ))}
    </>
  );
}

/** Shows what belongs to one app; for who sees one app only there is nothing to choose. */
export function AppFilter({
  path,
  apps,
  app,
  show = "all",
  keep = {},
}: {
  path: string;
  apps: readonly NamedApp[];
  app: string;
  /** Another filter that stays as it is. */
  show?: string;
  /** Other parameters that stay as they are. */
  keep?: Readonly<Record<string, string | undefined>>;
}) {
  if (apps.length <= 1) return null;
  return (
    <form method="get" action={path} className="mb-3 flex max-w-md gap-2">
      {show !== "all" && <input type="hidden" name="show" value={show} />}
      {Object.entries(keep).map(
        ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <Select name="app" aria-label="App" defaultValue={app}>
        <AppOptions apps={apps} />
      </Select>
      <Button type="submit">Filter</Button>
    </form>
  );
}
