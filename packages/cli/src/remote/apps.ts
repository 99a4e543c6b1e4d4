import { askDesk } from "./ask-desk.ts";
import { readConnection } from "./connection.ts";
import { DeskError } from "./desk-error.ts";
import { readWords } from "./read-words.ts";
import { print, type RemoteCommand } from "./remote-command.ts";
import { ownKeyShape, printable } from "./shapes.ts";

const next = "See npm run redress -- apps --help.";

type App = { slug: string; name: string; isConnected: boolean };
const lineOf = ({ slug, name, isConnected }: App) =>
  `${slug}  ${printable(name)}  ${isConnected ? "connected" : "not connected"}`;

/** `apps list`: those that the key is for. @throws UsageError */
export function listApps(words: readonly string[]): RemoteCommand {
  const { values } = readWords(words, {}, [], next);
  return async ({ terminal, environment }) => {
    const connection = await readConnection(values.url, environment);
    const { apps } = (await askDesk(connection, { path: "/api/v1/key" }, ownKeyShape)).key;
    print(terminal, values.json, { apps }, apps.map(lineOf));
    return 0;
  };
}

/** `apps show <slug>`. @throws UsageError */
export function showApp(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(words, {}, ["the app's slug"], next);
  return async ({ terminal, environment }) => {
    const connection = await readConnection(values.url, environment);
    const { apps } = (await askDesk(connection, { path: "/api/v1/key" }, ownKeyShape)).key;
    const app = apps.find(({ slug }) => slug === given[0]);
    if (app === undefined) {
      throw new DeskError(
        "app_not_found",
        "This key is for no app with this slug. redress apps list has them.",
      );
    }
    print(terminal, values.json, { app }, [lineOf(app)]);
    return 0;
  };
}
