import { connectDatabase } from "@redress/database";
import type { Terminal } from "../terminal.ts";
import { type VerifyOptions, verify } from "./verify.ts";

/**
 * `audit verify --alone`: reads the log from a database and believes the keys it is given. Nothing of the desk's
 * configuration is needed, and nothing is written or migrated.
 */
export async function verifyAlone(
  { connectionString, terminal }: { connectionString: string; terminal: Terminal },
  options: VerifyOptions,
): Promise<number> {
  const connection = connectDatabase({ connectionString, maximumConnections: 1 });
  try {
    return await verify({ dependencies: { database: connection.database }, terminal }, options);
  } finally {
    await connection.close();
  }
}
