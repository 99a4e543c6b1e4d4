import type { AppView } from "@redress/core/apps/app-view";
import { ChevronsUpDown } from "lucide-react";
import { chooseApps } from "../../app/(desk)/actions.ts";
import { ActionForm } from "../action-form.tsx";
import { Button } from "../ui/button.tsx";

/** Chooses whose purchases and refunds the lists show: one app, several, or all. It stays until it is changed. */
export function AppSwitcher({ apps, chosen }: { apps: readonly AppView[]; chosen: readonly string[] }) {
  if (apps.length <= 1) return null;
  const shown = apps.filter(({ id }) => chosen.includes(id));
  const [first] = shown;
  const all = first === undefined;
  return (
    <details
      // Closed again once the choice was made.
      key={shown.map(({ id }) => id).join()}
      className={`group relative mt-3 rounded-md border text-sm md:mx-2 md:mt-0 md:mb-2 ${all ? "border-line" : "border-accent/40 bg-accent-tint"}`}
    >
      <summary className="flex h-8 list-none items-center gap-2 px-2.5 [&::-webkit-details-marker]:hidden">
        <span className="max-w-28 min-w-0 flex-1 truncate md:max-w-none">
          <span className="sr-only">Shown: </span>
          {all ? "All apps" : shown.length === 1 ? first.name : `${shown.length} of ${apps.length} apps`}
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
      </summary>
      <ActionForm
        action={chooseApps}
        className="absolute right-0 z-10 mt-1 w-64 rounded-lg border border-line-strong bg-surface p-2 shadow-lg md:right-auto md:left-0"
      >
        <fieldset>
          <legend className="sr-only">Apps to show</legend>
          <div className="grid max-h-64 overflow-y-auto">
            {apps.map(({ id, name }) => (
              <label key={id} className="flex h-8 items-center gap-2 rounded-md px-2 hover:bg-sunken">
                <input
                  type="checkbox"
                  name={`app:${id}`}
                  defaultChecked={all || chosen.includes(id)}
                  className="size-4 shrink-0 accent-(--accent)"
                />
                <span className="truncate">{name}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div className="mt-2 flex justify-between gap-2 border-t border-line pt-2">
          <Button type="submit" name="all" value="yes" look="quiet" size="small">
            Show all
          </Button>
          <Button type="submit" look="primary" size="small">
            Show these
          </Button>
        </div>
      </ActionForm>
    </details>
  );
}
