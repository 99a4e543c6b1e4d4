import type { Scope } from "./scope.ts";

/** Which apps a browser shows; a convenience of its reader, and no permission. */
export const chosenAppsCookie = "redress.apps";

const most = 200;

/** Ids of the chosen apps; none where all are shown. */
export function parseChosenApps(value: string | undefined): string[] {
  return (value ?? "")
    .split(".")
    .filter((id) => /^app_\w{1,40}$/.test(id))
    .slice(0, most);
}

export function writeChosenApps(ids: readonly string[]): string {
  return ids.slice(0, most).join(".");
}

/** The chosen apps among those that somebody may see; all of these where none of the chosen is among them. */
export function narrow(scope: Scope, chosen: readonly string[]): Scope {
  const both = scope === "all" ? [...chosen] : scope.filter((id) => chosen.includes(id));
  return both.length === 0 ? scope : both;
}
