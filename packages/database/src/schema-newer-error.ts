/**
 * A later release has migrated this database. This program does not know what it would write past, so it does not start.
 * One that runs already goes on: see docs/operators.md, Upgrading.
 */
export class SchemaNewerError extends Error {
  override readonly name = "SchemaNewerError";

  constructor(applied: number, known: number) {
    super(
      `The database's schema is newer than this program: ${applied} migrations, of which this release knows ${known}. Start the release that migrated it, or restore the backup that was made before the upgrade.`,
    );
  }
}
