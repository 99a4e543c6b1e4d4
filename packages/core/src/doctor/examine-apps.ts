import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { apps, deliveries, notifications } from "@redress/database";
import { and, desc, eq, isNotNull } from "drizzle-orm";
import type { Configuration } from "../configuration.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Finding, findingsOf } from "./finding.ts";

type AppRow = typeof apps.$inferSelect;

/** Whether each connected app is of this mode, and heard the last that it was told. */
export async function examineApps({
  database,
  settings,
}: Pick<Dependencies, "database" | "settings">): Promise<Finding[]> {
  const { ok, skipped } = findingsOf("apps");
  const connected = await database
    .select()
    .from(apps)
    .where(isNotNull(apps.stripeAccountId))
    .orderBy(apps.slug);
  if (connected.length === 0) return [skipped("No app is connected yet.")];
  const findings: Finding[] = [];
  for (const app of connected) {
    const found = judgeMode(app, settings) ?? (await judgeAddress(database, app));
    if (found) findings.push(found);
  }
  return findings.length > 0
    ? findings
    : [ok(`${connected.length} apps are connected and hear what they are told.`)];
}

function judgeMode(app: AppRow, { mode }: Dependencies["settings"]): Finding | null {
  if (app.stripeLivemode === null || app.stripeLivemode === (mode === "live")) return null;
  return findingsOf("apps").failed({
    sentence: `${app.slug} was connected in ${app.stripeLivemode ? "live" : "test"} mode, and this installation has keys of the other.`,
    mend: "Disconnect it and connect it again, or start Redress with the keys of its mode.",
  });
}

async function judgeAddress(database: Dependencies["database"], app: AppRow): Promise<Finding | null> {
  const { warning } = findingsOf("apps");
  if (app.notificationUrl === null) {
    return warning({
      sentence: `${app.slug} has no notification address: it is not told of refunds, and takes nobody's access away.`,
      mend: `Set one at Settings, Integrations, ${app.slug}, and send a ping.`,
    });
  }
  const [last] = await database
    .select({ httpStatus: deliveries.httpStatus, errorCode: deliveries.errorCode })
    .from(deliveries)
    .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
    .where(and(eq(notifications.appId, app.id), isNotNull(deliveries.finishedAt)))
    .orderBy(desc(deliveries.finishedAt))
    .limit(1);
  if (last === undefined || (last.httpStatus !== null && last.httpStatus >= 200 && last.httpStatus <= 299))
    return null;
  return warning({
    sentence: `${app.slug} did not take the last message (${last.errorCode ?? `HTTP ${last.httpStatus}`}).`,
    mend: `See redress deliveries list --app ${app.slug}: each attempt says what to do. Then send the dead ones again.`,
  });
}

/** Whether the audit log's anchors are kept where the database's administrator cannot reach. */
export async function examineAudit({
  auditAnchorDirectory: directory,
}: Pick<Configuration, "auditAnchorDirectory">): Promise<Finding[]> {
  const { ok, warning, failed } = findingsOf("audit");
  if (directory === null) {
    return [
      warning({
        sentence:
          "Anchors of the audit log are only logged: what was cut off its end can be seen only there.",
        mend: "Set AUDIT_ANCHOR_DIR to a folder that only grows, best on another machine.",
      }),
    ];
  }
  try {
    await access(directory, constants.W_OK);
    return [ok(`Anchors of the audit log are kept in ${directory}.`)];
  } catch {
    return [
      failed({
        sentence: `The folder of AUDIT_ANCHOR_DIR, ${directory}, is missing or cannot be written.`,
        mend: `Make it and give it to whoever runs Redress: install -d -m 700 -o <user> ${directory}`,
      }),
    ];
  }
}
