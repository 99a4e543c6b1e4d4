import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";
import { appendFile, mkdir, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { AnchorStatement, AuditAnchors, SignedAnchor } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

/** What is signed: one text for one statement, and for nothing else that the key may ever sign. */
export function anchorText({ month, number, hash, at }: AnchorStatement): string {
  return ["redress-audit-anchor-v1", month, number, hash, at.toISOString()].join("\n");
}

/** What stands before 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

function privateKeyOf(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync("sha256", secret, "redress", "audit-anchor v1", 32));
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
}

function publicKeyOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ format: "der", type: "spki" }).toString("base64");
}

/**
 * Signs anchors with an Ed25519 key derived from `secret`, which no database holds, and adds them to
 * `directory`, one file a month, one JSON object a line. Without a directory they are only signed: whoever calls
 * logs them.
 */
export function createAuditAnchors(options: {
  secret: string;
  previousSecrets?: readonly string[];
  directory: string | null;
}): AuditAnchors {
  const { directory, previousSecrets = [] } = options;
  const privateKey = privateKeyOf(options.secret);
  const publicKey = publicKeyOf(privateKey);
  let last: SignedAnchor | null | undefined;
  return {
    publicKey,
    olderPublicKeys: previousSecrets.map((secret) => publicKeyOf(privateKeyOf(secret))),
    async last() {
      if (last === undefined) last = directory === null ? null : await lastIn(directory);
      return last;
    },
    async keep(statement) {
      const signature = sign(null, Buffer.from(anchorText(statement)), privateKey).toString("base64");
      const anchor = { ...statement, publicKey, signature };
      if (directory !== null) await append(directory, anchor);
      last = anchor;
      return anchor;
    },
  };
}

async function append(directory: string, anchor: SignedAnchor): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `${anchor.month}.jsonl`);
  await appendFile(file, `${JSON.stringify(anchor)}\n`, { mode: 0o600 });
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function anchorFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(directory, name));
}

async function lastIn(directory: string): Promise<SignedAnchor | null> {
  const newest = (await anchorFiles(directory).catch(() => [])).at(-1);
  if (newest === undefined) return null;
  const lines = (await readFile(newest, "utf8")).split("\n");
  // A line that a crash cut in two is no anchor; the next one is whole.
  const whole = lines.flatMap((line) => parseLine(line) ?? []);
  return whole.at(-1) ?? null;
}

const anchorSchema = z.object({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  number: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime().transform((text) => new Date(text)),
  publicKey: z.string(),
  signature: z.string(),
});

function parseLine(line: string): SignedAnchor | null {
  try {
    return anchorSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * Reads all anchors of a directory and checks each signature.
 *
 * @param trusted public keys (SPKI, base64) whose anchors are believed; others are refused
 * @throws RedressError `invalid_input` naming the file and line that is no anchor, or is not signed by a trusted
 *   key; or that there is none at all
 */
export async function readAnchors(directory: string, trusted: readonly string[]): Promise<SignedAnchor[]> {
  const files = await anchorFiles(directory).catch(() => []);
  const anchors: SignedAnchor[] = [];
  for (const file of files) {
    const lines = (await readFile(file, "utf8")).split("\n");
    for (const [index, line] of lines.entries()) {
      if (line === "") continue;
      const anchor = parseLine(line);
      const where = `${file}, line ${index + 1}`;
      if (anchor === null) {
        throw new RedressError("invalid_input", `${where}, is no anchor. Take it from a copy, or remove it.`);
      }
      requireSigned(anchor, trusted, where);
      anchors.push(anchor);
    }
  }
  if (anchors.length > 0) return anchors;
  throw new RedressError(
    "invalid_input",
    `There is no anchor in ${directory}. Give the folder that has them.`,
  );
}

function requireSigned(anchor: SignedAnchor, trusted: readonly string[], where: string): void {
  if (!trusted.includes(anchor.publicKey)) {
    throw new RedressError(
      "invalid_input",
      `${where}, is signed with another key. If REDRESS_SECRET was replaced, name the old public key.`,
    );
  }
  const key = createPublicKey({ key: Buffer.from(anchor.publicKey, "base64"), format: "der", type: "spki" });
  if (verify(null, Buffer.from(anchorText(anchor)), key, Buffer.from(anchor.signature, "base64"))) return;
  throw new RedressError("invalid_input", `${where}, was changed after it was signed. Do not rely on it.`);
}
