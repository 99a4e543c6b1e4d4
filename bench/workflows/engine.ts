import { type EngineName, UsageError } from "../options.ts";

export interface BenchEngine {
  /** What Redress needs of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Makes sure that the running desk uses it, before anything is measured in its name.
   *
   * @throws Error when it runs its workflows elsewhere
   */
  check(query: (text: string) => Promise<{ found: boolean }[]>): Promise<void>;
}

/**
 * The engine that was asked for. Inngest is a server that somebody else runs, so its variables are those of
 * Redress itself.
 *
 * @throws UsageError when Inngest is asked for and no variable says where it is
 */
export function readEngine(
  engine: EngineName,
  environment: Readonly<Record<string, string | undefined>>,
): BenchEngine {
  const usesDbos = "select to_regclass('dbos.workflow_status') is not null as found";
  const check = async (query: (text: string) => Promise<{ found: boolean }[]>) => {
    const [row] = await query(usesDbos);
    if (row?.found === (engine === "dbos")) return;
    throw new Error(`Redress does not run its workflows on ${engine}. Read .redress/bench/desk.log.`);
  };
  if (engine === "dbos") return { env: {}, check };
  if (!environment.INNGEST_BASE_URL && !environment.INNGEST_DEV) {
    throw new UsageError(
      "--engine inngest needs a running Inngest server: set INNGEST_BASE_URL, INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY as for Redress itself, or INNGEST_DEV for a development server.",
    );
  }
  const own = Object.entries(environment).filter(([name]) => name.startsWith("INNGEST_"));
  return { env: Object.fromEntries(own.map(([name, value]) => [name, value ?? ""])), check };
}
