import { type AppChanges, settingNames } from "./app-input.ts";

/** The given settings as the audit log keeps them: of a person's address it says only that there is one. */
export function auditedSettings(settings: AppChanges, names = settingNames): Record<string, unknown> {
  const given = names.filter((name) => settings[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [name, name === "contactEmail" && settings[name] !== null ? "set" : settings[name]]),
  );
}
