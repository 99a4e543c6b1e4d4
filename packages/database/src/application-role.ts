import pg from "pg";

/** What may only grow: triggers refuse the rest to everybody, and privileges to the application's role. */
const appendOnly = ["audit_logs", "audit_seals", "policy_versions", "refund_verdicts"];

/** The two roles are not apart, so that taking rights from one takes nothing. */
export class ApplicationRoleError extends Error {
  override readonly name = "ApplicationRoleError";
}

/**
 * Gives the role that the server works with what it needs, and no more: it may not empty a table, not change or
 * delete in the audit log, and owns nothing, so that it cannot switch a trigger off. Run after each migration, as
 * the owner of the tables; running it again changes nothing.
 *
 * @param ownerConnectionString the role that migrates
 * @param role the name of the application's role, which must exist
 * @throws ApplicationRoleError when that role is a superuser, or may act as the owner
 */
export async function grantApplicationRole(ownerConnectionString: string, role: string): Promise<void> {
  const client = new pg.Client({
    connectionString: ownerConnectionString,
    application_name: "redress-roles",
  });
  await client.connect();
  try {
    await requireApart(client, role);
    const name = pg.escapeIdentifier(role);
    const { rows } = await client.query<{ database: string }>("select current_database() as database");
    const database = pg.escapeIdentifier(rows[0]?.database ?? "");
    await client.query("begin");
    // The workflow engine keeps a schema of its own, which it makes itself.
    await client.query(`grant connect, create on database ${database} to ${name}`);
    await client.query(`grant usage on schema public to ${name}`);
    await client.query(`revoke all on all tables in schema public from ${name}`);
    await client.query(`grant select, insert, update, delete on all tables in schema public to ${name}`);
    await client.query(`grant usage on all sequences in schema public to ${name}`);
    await client.query(`revoke update, delete on ${appendOnly.join(", ")} from ${name}`);
    await client.query("commit");
  } finally {
    await client.end();
  }
}

async function requireApart(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ super: boolean; member: boolean }>(
    `select rolsuper as super, pg_has_role(oid, current_user, 'member') as member
     from pg_roles where rolname = $1`,
    [role],
  );
  const [found] = rows;
  if (!found) {
    throw new ApplicationRoleError(
      `There is no role "${role}". Make it first: create role ${role} login password '…';`,
    );
  }
  if (!found.super && !found.member) return;
  throw new ApplicationRoleError(
    `The role "${role}" is a superuser or may act as the owner of the tables, so nothing can be kept from it. Give DATABASE_URL a role of its own, and DATABASE_OWNER_URL the owner.`,
  );
}
