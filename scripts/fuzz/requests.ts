import { createHmac } from "node:crypto";
import { maximumBodyBytes } from "@redress/core/webhooks/ingest";
import type { Chance } from "./chance.ts";
import { type Body, goodEvent, ignoredEvent, noEvent } from "./events.ts";

export const secrets = {
  platform: ["whsec_platform", "whsec_both"],
  connect: ["whsec_connect", "whsec_both", "whsec_old"],
};
const allSecrets = [...secrets.platform, ...secrets.connect];

/** One request, and what has to become of it. */
export interface FuzzRequest {
  readonly kind: string;
  readonly bytes: Buffer;
  readonly signature: string | undefined;
  /** How it is sent: whole, in chunks of no announced length, or cut off before its end. */
  readonly way: "whole" | "chunked" | "cut";
  readonly status: 200 | 400 | 413;
  /** Lines in the log. */
  readonly lines: 0 | 1;
  /** The event that is in the inbox afterwards. */
  readonly stored: { readonly body: Body; readonly queued: boolean } | null;
}

function sign(bytes: Buffer, secret: string, seconds: number): string {
  const mac = createHmac("sha256", secret).update(`${seconds}.`).update(bytes).digest("hex");
  return `t=${seconds},v1=${mac}`;
}

type Make = (
  chance: Chance,
  given: { id: string; seconds: number; acknowledged: readonly Body[] },
) => FuzzRequest;

const refused = { status: 400, lines: 1, stored: null, way: "whole" } as const;

function taken(kind: string, make: typeof goodEvent, queued: boolean): Make {
  return (chance, { id, seconds }) => {
    const body = make(chance, id, seconds);
    const signature = sign(body.bytes, chance.pick(allSecrets), seconds + chance.between(-300, 300));
    const way = chance.pick(["whole", "whole", "chunked"] as const);
    const stored = { body, queued };
    return { kind, bytes: body.bytes, signature, way, status: 200, lines: queued ? 0 : 1, stored };
  };
}

/** A good event under a signature that must not pass. */
function badlySigned(
  kind: string,
  spoil: (chance: Chance, bytes: Buffer, seconds: number) => string | undefined,
): Make {
  return (chance, { id, seconds }) => {
    const { bytes } = goodEvent(chance, id, seconds);
    return { ...refused, kind, bytes, signature: spoil(chance, bytes, seconds) };
  };
}

const replayed: Make = (chance, given) => {
  if (given.acknowledged.length === 0) return good(chance, given);
  const { bytes } = chance.pick(given.acknowledged);
  const signature = sign(bytes, chance.pick(allSecrets), given.seconds);
  return { ...refused, kind: "replayed", bytes, signature, status: 200 };
};

const tooLarge: Make = (chance, { seconds }) => {
  const bytes = Buffer.alloc(maximumBodyBytes + chance.between(1, 100_000), "x");
  const way = chance.pick(["whole", "chunked"] as const);
  return {
    ...refused,
    kind: "too large",
    bytes,
    signature: sign(bytes, "whsec_connect", seconds),
    way,
    status: 413,
  };
};

const cut: Make = (chance, { id, seconds }) => {
  const { bytes } = goodEvent(chance, id, seconds);
  return { ...refused, kind: "cut off", bytes, signature: sign(bytes, "whsec_connect", seconds), way: "cut" };
};

const unreadable: Make = (chance, { id, seconds }) => {
  const { bytes } = noEvent(chance, id, seconds);
  return { ...refused, kind: "no event", bytes, signature: sign(bytes, chance.pick(allSecrets), seconds) };
};

const changed: Make = (chance, { id, seconds }) => {
  const { bytes } = goodEvent(chance, id, seconds);
  const signature = sign(bytes, "whsec_connect", seconds);
  const other = Buffer.from(bytes);
  const at = chance.between(0, bytes.length - 1);
  other[at] = (other[at] ?? 0) ^ (1 << chance.between(0, 7));
  return { ...refused, kind: "changed", bytes: other, signature };
};

const good = taken("good", goodEvent, true);
/** Visible ASCII: what an HTTP header can carry at all. */
const header = (chance: Chance, longest: number) =>
  chance.text(longest).replace(/[^\x21-\x7e]/g, (letter) => "t=v1,0"[letter.charCodeAt(0) % 6] ?? "");

const makes: readonly Make[] = [
  ...Array.from({ length: 8 }, () => good),
  taken("ignored", ignoredEvent, false),
  taken("ignored", ignoredEvent, false),
  replayed,
  replayed,
  unreadable,
  unreadable,
  unreadable,
  unreadable,
  changed,
  badlySigned("no signature", (chance) => chance.pick([undefined, ""])),
  badlySigned("nonsense", (chance) => header(chance, 200)),
  badlySigned(
    "many",
    (chance, _, seconds) => `t=${seconds}${`,v1=${"0".repeat(64)}`.repeat(chance.between(1, 100))}`,
  ),
  badlySigned("other secret", (chance, bytes, seconds) =>
    sign(bytes, chance.pick(["whsec_", "", "whsec_connect "]), seconds),
  ),
  badlySigned("old", (chance, bytes, seconds) =>
    sign(bytes, "whsec_connect", seconds - chance.between(301, 1e9)),
  ),
  badlySigned("future", (chance, bytes, seconds) =>
    sign(bytes, "whsec_old", seconds + chance.between(301, 1e9)),
  ),
  badlySigned("other time", (_, bytes, seconds) =>
    sign(bytes, "whsec_connect", seconds).replace(/t=\d+/, `t=${seconds - 1}`),
  ),
];

/** The request of a number: mostly small ones, few of which cost a connection. */
export function makeRequest(
  chance: Chance,
  given: { id: string; seconds: number; acknowledged: readonly Body[] },
): FuzzRequest {
  const rare = chance.next();
  if (rare < 0.006) return tooLarge(chance, given);
  if (rare < 0.023) return cut(chance, given);
  return chance.pick(makes)(chance, given);
}
