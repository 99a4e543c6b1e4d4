import { RedressError } from "@redress/core/errors";
import { sql } from "drizzle-orm";
import { publicRoute } from "../../../src/access/route.ts";

/** For load balancers: 200 while the desk can reach its database. */
export const GET = publicRoute(
  "tells only that the desk runs, and in which mode",
  async ({ dependencies }) => {
    try {
      await dependencies.database.execute(sql`select 1`);
    } catch (cause) {
      throw new RedressError("database_unavailable", "The database does not answer. Check that it runs.", {
        cause,
      });
    }
    return { status: "ok", mode: dependencies.settings.mode };
  },
);
