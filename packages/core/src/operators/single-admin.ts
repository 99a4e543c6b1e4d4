import { deskSettings } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";

type SettingKey = (typeof deskSettings.$inferSelect)["key"];

/** Whether a company with a single administrator lets that person approve their own requests. */
export function readSingleAdminSetting(dependencies: Pick<Dependencies, "database">): Promise<boolean> {
  return readDeskSetting(dependencies, "single_admin_may_approve_own");
}

/** A setting of the whole desk; false unless somebody switched it on. */
export async function readDeskSetting(
  { database }: Pick<Dependencies, "database">,
  key: SettingKey,
): Promise<boolean> {
  const [row] = await database
    .select({ value: deskSettings.value })
    .from(deskSettings)
    .where(eq(deskSettings.key, key));
  return row?.value ?? false;
}

/** Says so, or takes it back. It has no effect while there are two administrators; the audit log keeps it. */
export function setSingleAdminSetting(
  dependencies: Dependencies,
  input: { value: boolean; actor: Actor; correlationId: string },
): Promise<void> {
  return setDeskSetting(dependencies, { ...input, key: "single_admin_may_approve_own" });
}

/** Sets one, with its entry in the log; nothing happens when it is so already. */
export async function setDeskSetting(
  dependencies: Dependencies,
  input: { key: SettingKey; value: boolean; actor: Actor; correlationId: string },
): Promise<void> {
  const { key, value, actor, correlationId } = input;
  const changed = { value, updatedAt: dependencies.clock.now(), updatedBy: actor.id };
  await dependencies.database.transaction(async (transaction) => {
    const [earlier] = await transaction
      .select({ value: deskSettings.value })
      .from(deskSettings)
      .where(eq(deskSettings.key, key))
      .for("update");
    if ((earlier?.value ?? false) === value) return;
    await transaction
      .insert(deskSettings)
      .values({ key, ...changed })
      .onConflictDoUpdate({ target: deskSettings.key, set: changed });
    await recordAudit(dependencies, transaction, {
      actor,
      action: "desk_setting_changed",
      correlationId,
      before: { [key]: earlier?.value ?? false },
      after: { [key]: value },
    });
  });
}
