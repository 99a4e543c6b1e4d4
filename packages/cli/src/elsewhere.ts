import { UsageError } from "./usage-error.ts";

/** In the packed command line, which has neither the domain nor a database with it. */
function refuse(): never {
  throw new UsageError(
    "This command works on the desk's database, so it runs where the desk does: npm run redress in its checkout or container. What speaks with a running desk works here. See redress --help.",
  );
}

export { refuse as doctorServer, refuse as onDatabase };
