import { publicRoute } from "../../../../src/access/route.ts";

/** For whoever restarts what hangs: the process answers. It says nothing of the database. */
export const GET = publicRoute("tells only that the process answers", async () => ({ status: "ok" }));
