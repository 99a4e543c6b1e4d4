import { readDeskAddress } from "../desk-address.ts";
import { UsageError } from "../usage-error.ts";
import { readCredentials } from "./credentials.ts";
import type { Environment } from "./remote-command.ts";

/** A desk, and the key to speak with it. */
export interface Connection {
  readonly url: string;
  readonly key: string;
}

const next = "See npm run redress -- sign-in --help.";

/** The address that was asked for: `--url`, or REDRESS_URL. */
export function askedAddress(url: string | undefined, environment: Environment): string | undefined {
  const address = url ?? environment.REDRESS_URL;
  return address === undefined || address === "" ? undefined : readDeskAddress(address, next);
}

/**
 * Which desk is spoken with, by which key: REDRESS_KEY with REDRESS_URL, or what `sign-in` kept.
 *
 * @param url of `--url`
 * @throws UsageError when there is no key; Error when the kept one is not safe
 */
export async function readConnection(url: string | undefined, environment: Environment): Promise<Connection> {
  const address = askedAddress(url, environment);
  const key = environment.REDRESS_KEY?.trim();
  if (key) return { url: address ?? "http://localhost:3000", key };
  const kept = await readCredentials(environment);
  if (kept === null) {
    throw new UsageError(`Nobody is signed in. Sign in with an agent's key, or set REDRESS_KEY. ${next}`);
  }
  if (address !== undefined && address !== kept.url) {
    throw new UsageError(`You are signed in at ${kept.url}, not at ${address}. Sign in there first. ${next}`);
  }
  return kept;
}
