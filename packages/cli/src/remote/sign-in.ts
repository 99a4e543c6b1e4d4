import { UsageError } from "../usage-error.ts";
import { askDesk } from "./ask-desk.ts";
import { askedAddress, readConnection } from "./connection.ts";
import { credentialsFile, readCredentials, removeCredentials, writeCredentials } from "./credentials.ts";
import { readWords } from "./read-words.ts";
import { print, type RemoteCommand } from "./remote-command.ts";
import { ownKeyShape } from "./shapes.ts";

const next = "See npm run redress -- sign-in --help.";

/** `sign-in`: reads an agent's key from standard input, asks the desk whether it is good, and keeps it. @throws UsageError */
export function signIn(words: readonly string[]): RemoteCommand {
  const { values } = readWords(words, {}, [], next);
  return async ({ terminal, environment }) => {
    const url = askedAddress(values.url, environment) ?? "http://localhost:3000";
    const key = (await terminal.readSecret?.(`Key for ${url}: `))?.trim() ?? "";
    if (key === "") throw new UsageError(`Give the key on standard input. ${next}`);
    const answer = await askDesk({ url, key }, { path: "/api/v1/key" }, ownKeyShape);
    const file = await writeCredentials(environment, { url, key });
    print(terminal, values.json, { url, file, ...answer }, [
      `Signed in at ${url} with the key ${answer.key.name}. It is kept in ${file}.`,
    ]);
    return 0;
  };
}

/** `sign-out`: forgets the key on this machine. It stays good until it is revoked. @throws UsageError */
export function signOut(words: readonly string[]): RemoteCommand {
  const { values } = readWords(words, {}, [], next);
  return async ({ terminal, environment }) => {
    const was = await readCredentials(environment).catch(() => null);
    await removeCredentials(environment);
    const file = credentialsFile(environment);
    print(terminal, values.json, { url: was?.url ?? null, file }, [
      "Signed out. The key stays good elsewhere until an administrator revokes it.",
    ]);
    return 0;
  };
}

/** `whoami`: which key is used, and what it may do now. @throws UsageError */
export function whoAmI(words: readonly string[]): RemoteCommand {
  const { values } = readWords(words, {}, [], next);
  return async ({ terminal, environment }) => {
    const connection = await readConnection(values.url, environment);
    const answer = await askDesk(connection, { path: "/api/v1/key" }, ownKeyShape);
    const { key, desk } = answer;
    print(terminal, values.json, { url: connection.url, ...answer }, [
      `${key.name} (${key.id}) at ${connection.url}, in ${desk.mode} mode`,
      `may: ${key.permissions.join(", ") || "nothing"}`,
      `apps: ${key.apps.map(({ slug }) => slug).join(", ") || "none"}`,
      `until: ${key.expiresAt}`,
      "A key can never approve, reject, set or manage anything: a signed-in person has to.",
    ]);
    return 0;
  };
}
