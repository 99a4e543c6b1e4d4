import type { Random } from "./dependencies.ts";

const prefixes = {
  app: "app",
  purchase: "pur",
  refund: "rfd",
  bulkRefund: "blk",
  approval: "apr",
  endorsement: "end",
  comment: "cmt",
  attempt: "att",
  notification: "ntf",
  delivery: "dlv",
  message: "msg",
  role: "rol",
  correlation: "cor",
  reconciliation: "rcn",
  drift: "dft",
  proposal: "prp",
  apiKey: "key",
  invitation: "inv",
  portalLink: "plk",
  embedKey: "emb",
  policyVersion: "pol",
  slackMessage: "slm",
  purchaseImport: "imp",
  testRefund: "tst",
  restore: "rst",
  savedView: "view",
} as const;

const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A new id such as `rfd_4k2…`: a prefix that names its kind, then 20 characters (103 bits) of chance. */
export function newId(random: Random, kind: keyof typeof prefixes): string {
  let text = "";
  while (text.length < 20) {
    // 252 = 7 × 36: bytes above it are dropped so that each character is equally likely.
    for (const byte of random.bytes(32)) if (byte < 252 && text.length < 20) text += alphabet[byte % 36];
  }
  return `${prefixes[kind]}_${text}`;
}
