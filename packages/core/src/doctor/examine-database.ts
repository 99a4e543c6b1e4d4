import { readSchemaState } from "@redress/database";
import { z } from "zod";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, failed } = findingsOf("database");
/** More than a round trip, and still far below what signatures tolerate. */
const mostSkewMs = 30_000;

const codeSchema = z.looseObject({ code: z.string() });

/** Whether the database can be reached and used, and has this release's schema. */
export async function examineDatabase(connectionString: string, now: () => Date): Promise<Finding[]> {
  try {
    const { version, applied, known, databaseNow } = await readSchemaState(connectionString);
    const findings = [
      ok(`PostgreSQL ${version} answers at ${new URL(connectionString).host}.`),
      judgeSchema({ applied, known }),
    ];
    const skewMs = now().getTime() - databaseNow.getTime();
    if (Math.abs(skewMs) > mostSkewMs) {
      findings.push(
        failed({
          sentence: `This machine's clock is ${Math.round(skewMs / 1_000)} s off the database's.`,
          mend: "Set both by NTP (timedatectl set-ntp true). Signatures and leases are good for minutes only.",
        }),
      );
    }
    return findings;
  } catch (error) {
    return [unreachable(connectionString, error)];
  }
}

function judgeSchema({ applied, known }: { applied: number; known: number }): Finding {
  if (applied === known) return ok(`Its schema is this release's (${known} migrations).`);
  if (applied > known) {
    return failed({
      sentence: `Its schema is newer than this program: ${applied} migrations, of which this release knows ${known}.`,
      mend: "Start the release that migrated it, or restore the backup that was made before the upgrade.",
    });
  }
  return failed({
    sentence: `Its schema lacks ${known - applied} of ${known} migrations.`,
    mend: "Start Redress once (npm start): it migrates before it works.",
  });
}

/** By PostgreSQL's and Node's codes, never by words. */
const mends: Readonly<Record<string, { sentence: string; mend: string }>> = {
  "28P01": {
    sentence: "The database refuses the password.",
    mend: "Correct user and password in DATABASE_URL; special characters have to be percent-encoded.",
  },
  "28000": {
    sentence: "The database refuses this role.",
    mend: "Create the role of DATABASE_URL, or allow it in pg_hba.conf.",
  },
  "3D000": {
    sentence: "There is no such database on the server.",
    mend: "Create it (createdb redress), or correct the name at the end of DATABASE_URL.",
  },
  "42501": {
    sentence: "The role may not read the desk's tables.",
    mend: "Start Redress with DATABASE_OWNER_URL set to the role that owns them: it grants what is needed.",
  },
  "53300": {
    sentence: "The database has no connection left.",
    mend: "Raise max_connections, or stop what holds them (select * from pg_stat_activity).",
  },
  ECONNREFUSED: {
    sentence: "Nothing listens where DATABASE_URL points.",
    mend: "Start PostgreSQL, or correct host and port in DATABASE_URL.",
  },
  ENOTFOUND: {
    sentence: "The host in DATABASE_URL has no address.",
    mend: "Correct its name, or the name server of this machine.",
  },
  ETIMEDOUT: {
    sentence: "The database does not answer in time.",
    mend: "Let this machine through the firewall in front of it.",
  },
};

function unreachable(connectionString: string, error: unknown): Finding {
  const code = codeSchema.safeParse(error).data?.code ?? "no code";
  const known = mends[code];
  const where = new URL(connectionString).host;
  if (known) return failed({ ...known, sentence: `${known.sentence} (${where}, ${code})` });
  return failed({
    sentence: `The database at ${where} cannot be used (${code}).`,
    mend: "Try psql with the value of DATABASE_URL on this machine; its answer says more.",
  });
}
