import { Monitor, Moon, Sun } from "lucide-react";
import { chooseTheme } from "../app/actions.ts";
import type { Theme } from "../src/theme.ts";
import { ActionForm } from "./action-form.tsx";

const choices = [
  { theme: "light", label: "Light", icon: Sun },
  { theme: "system", label: "As the system", icon: Monitor },
  { theme: "dark", label: "Dark", icon: Moon },
] as const;

export function ThemeChoice({ current }: { current: Theme }) {
  return (
    <ActionForm action={chooseTheme} className="flex rounded-md border border-line p-0.5">
      {choices.map(({ theme, label, icon: Icon }) => (
        <button
          key={theme}
          type="submit"
          name="theme"
          value={theme}
          aria-label={label}
          aria-pressed={theme === current}
          title={label}
          className="grid size-6 place-items-center rounded text-ink-faint hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
        >
          <Icon aria-hidden className="size-3.5" />
        </button>
      ))}
    </ActionForm>
  );
}
