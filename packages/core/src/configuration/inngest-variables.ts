import { z } from "zod";
import type { Variables } from "./variables.ts";

/** How to reach Inngest, and how it proves that it is calling. */
export interface InngestConfiguration {
  /** Null with a development server, which asks for none. */
  readonly eventKey: string | null;
  readonly signingKey: string | null;
  /** Accepted beside the signing key while that one is rolled. */
  readonly signingKeyFallback: string | null;
  /** Origin of a self-hosted or development server. Null: Inngest Cloud. */
  readonly baseUrl: string | null;
  /** A development server: its calls carry no signature, so it is never used in production or live mode. */
  readonly dev: boolean;
}

const keys = ["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"] as const;
/** Where `inngest dev` listens unless told. */
const devServer = "http://localhost:8288";
const falseWords = new Set(["0", "false"]);
const trueWords = new Set(["1", "true"]);
const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((url) => url.replace(/\/$/, "") === new URL(url).origin)
  .transform((url) => new URL(url).origin);
/** Inngest hashes the key's bytes, so what is not hexadecimal is no signing key. */
const signingKey = z.string().regex(/^(signkey-\w+-)?([0-9a-f]{2})+$/i);
const signingKeyAdvice =
  "It must be hexadecimal, perhaps after signkey-…-, as Inngest shows it. For a server of your own make one with: openssl rand -hex 32.";

/**
 * Both keys move a deployment to Inngest; the rest says where it is.
 *
 * @param guarded production, or Stripe's live keys: whoever calls must prove that it is Inngest
 * @returns null when neither is set, or when something is wrong and reported
 */
export function readInngestVariables(variables: Variables, guarded: boolean): InngestConfiguration | null {
  const eventKey = variables.read(
    keys[0],
    z.string().regex(/^[\w-]+$/),
    "It must be letters, digits, - and _ only, as Inngest shows it.",
  );
  const [signing, fallback] = [keys[1], "INNGEST_SIGNING_KEY_FALLBACK"].map((name) =>
    variables.read(name, signingKey, signingKeyAdvice),
  );
  const baseUrl = readOrigin(variables, "INNGEST_BASE_URL");
  const dev = readDevServer(variables, guarded);
  reportHalf(variables, dev !== null);
  if (dev !== null) {
    return { eventKey: null, signingKey: null, signingKeyFallback: null, baseUrl: baseUrl ?? dev, dev: true };
  }
  if (!eventKey || !signing) return null;
  return { eventKey, signingKey: signing, signingKeyFallback: fallback ?? null, baseUrl, dev: false };
}

function readOrigin(variables: Variables, name: string): string | null {
  return variables.read(
    name,
    origin,
    "It must be the address of the Inngest server alone, such as https://inngest.example.com, without a path.",
  );
}

/** `INNGEST_DEV`: true, or the development server's address. */
function readDevServer(variables: Variables, guarded: boolean): string | null {
  const name = "INNGEST_DEV";
  const word = variables.read(name, z.string(), "");
  if (word === null || falseWords.has(word)) return null;
  if (guarded) {
    variables.report(
      name,
      "A development server's calls are not signed, so it is never used with NODE_ENV=production or Stripe's live keys. Remove this variable and set INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY.",
    );
  }
  return trueWords.has(word) ? devServer : readOrigin(variables, name);
}

function reportHalf(variables: Variables, dev: boolean): void {
  const [first, second] = keys;
  const set = keys.filter((name) => variables.isSet(name));
  if (dev) {
    for (const name of set) {
      variables.report(name, "It is set together with INNGEST_DEV, which needs no key. Remove one of them.");
    }
    return;
  }
  if (set.length === 1) {
    const [missing, other] = set[0] === first ? [second, first] : [first, second];
    variables.report(missing, `It is missing, while ${other} is set. Set both, or neither.`);
  }
  for (const name of ["INNGEST_BASE_URL", "INNGEST_SIGNING_KEY_FALLBACK"]) {
    if (set.length > 0 || !variables.isSet(name)) continue;
    variables.report(name, `It is set without ${first} and ${second}. Set both, or remove it.`);
  }
}
