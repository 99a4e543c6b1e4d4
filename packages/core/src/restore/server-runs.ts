import { sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/** Whether a server of the desk is connected to the database; the command line has a name of its own. */
export async function serverRuns({ database }: Pick<Dependencies, "database">): Promise<boolean> {
  const { rows } = await database.execute<{ runs: boolean }>(
    sql`select exists (select 1 from pg_stat_activity
         where datname = current_database() and application_name = 'redress') as runs`,
  );
  return rows[0]?.runs === true;
}
