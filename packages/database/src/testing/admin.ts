import pg from "pg";

/** Runs statements one after the other on one connection of its own. */
export async function execute(connectionString: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: "redress-testing" });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The same server and user, another database. */
export function inDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.toString();
}
