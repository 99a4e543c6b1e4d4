import { RedressError } from "@redress/core/errors";
import { publicRoute } from "../../../../src/access/route.ts";
import { getRuntime } from "../../../../src/runtime.ts";

/**
 * For load balancers: 200 while requests can be served here. A schema that is newer than the program is served with: in
 * an upgrade without a pause the processes of the release before go on until they are replaced.
 */
export const GET = publicRoute(
  "tells only whether the desk can serve, and in which mode",
  async ({ dependencies }) => {
    const { applied, known } = await getRuntime()
      .readSchema()
      .catch((cause: unknown) => {
        const sentence = "The database does not answer. Check that it runs.";
        throw new RedressError("database_unavailable", sentence, { cause });
      });
    if (applied < known) {
      const sentence = "The database is older than this program. Start Redress once, so that it migrates.";
      throw new RedressError("schema_behind", sentence);
    }
    return {
      status: "ok",
      mode: dependencies.settings.mode,
      schema: applied === known ? "same" : "newer",
    };
  },
);
