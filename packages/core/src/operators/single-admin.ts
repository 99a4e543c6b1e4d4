import { deskSettings } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";

const key = "single_admin_may_approve_own";

/** Whether a company with a single administrator lets that person approve their own requests. */
export async function readSingleAdminSetting({ database }: Pick<Dependencies, "database">): Promise<boolean> {
  const [row] = await database
    .select({ value: deskSettings.value })
    .from(deskSettings)
    .where(eq(deskSettings.key, key));
  return row?.value ?? false;
}

/** Says so, or takes it back. It has no effect while there are two administrators; the audit log keeps it. */
export async function setSingleAdminSetting(
  dependencies: Dependencies,
  input: { value: boolean; actor: Actor; correlationId: string },
): Promise<void> {
  const { value, actor, correlationId } = input;
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
