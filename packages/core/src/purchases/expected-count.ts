import { purchases, type Queryable } from "@redress/database";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";

const planSchema = z
  .tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: z.object({ "Plan Rows": z.number() }) })]) })])
  .transform(([row]) => row["QUERY PLAN"][0].Plan["Plan Rows"]);

/** How many purchases PostgreSQL expects to match, by its statistics: it looks at none of them. */
export async function expectedCount(database: Queryable, where: SQL | undefined): Promise<number> {
  const { rows } = await database.execute(
    sql`explain (format json) select from ${purchases} where ${where ?? sql`true`}`,
  );
  return planSchema.parse(rows);
}
