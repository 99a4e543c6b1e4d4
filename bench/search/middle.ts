import { writeCursor } from "@redress/core/page-cursor";
import { query } from "../database-server.ts";
import type { Middle } from "./question.ts";

/** Finds the middle of each list, as a cursor that its pages take. */
export async function readMiddle(connectionString: string): Promise<Middle> {
  const placeOf = async (table: string, column: string) => {
    const [row] = await query<{ at: Date; id: string }>(
      connectionString,
      `select ${column} as at, id from ${table} order by ${column} desc, id desc
        offset (select count(*) / 2 from ${table}) limit 1`,
    );
    if (row === undefined) throw new Error(`${table} is empty`);
    return writeCursor(row);
  };
  const [log] = await query<{ id: string }>(connectionString, "select max(id) / 2 as id from audit_logs");
  return {
    purchases: await placeOf("purchases", "purchased_at"),
    refunds: await placeOf("refunds", "requested_at"),
    deliveries: await placeOf("notifications", "created_at"),
    events: await placeOf("stripe_events", "received_at"),
    audit: log?.id ?? "1",
  };
}
