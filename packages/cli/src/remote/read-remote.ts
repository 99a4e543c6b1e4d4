import { UsageError } from "../usage-error.ts";
import { listApps, showApp } from "./apps.ts";
import { createBulk, forPeople, listBulks, showBulk, withdrawBulk } from "./bulk.ts";
import { doctor } from "./doctor.ts";
import { findPurchases, showPurchase } from "./purchases.ts";
import { listApprovals, listRefunds, showRefund, withdrawRefund } from "./refunds.ts";
import type { RemoteCommand } from "./remote-command.ts";
import { requestRefund, showPolicy } from "./request-refund.ts";
import { signIn, signOut, whoAmI } from "./sign-in.ts";

type Reader = (words: readonly string[]) => RemoteCommand;

const plain: ReadonlyMap<string, Reader> = new Map([
  ["sign-in", signIn],
  ["sign-out", signOut],
  ["whoami", whoAmI],
  ["doctor", doctor],
]);

const groups: ReadonlyMap<string, ReadonlyMap<string, Reader>> = new Map([
  ["apps", new Map([["list", listApps] as const, ["show", showApp]])],
  ["purchases", new Map([["find", findPurchases] as const, ["show", showPurchase]])],
  [
    "refunds",
    new Map([
      ["list", listRefunds] as const,
      ["show", showRefund],
      ["policy", showPolicy],
      ["request", requestRefund],
      ["withdraw", withdrawRefund],
    ]),
  ],
  [
    "bulk",
    new Map([
      ["create", createBulk] as const,
      ["list", listBulks],
      ["show", showBulk],
      ["withdraw", withdrawBulk],
      ...["approve", "reject", "pause", "resume", "cancel", "items", "result"].map(
        (name) => [name, forPeople] as const,
      ),
    ]),
  ],
  ["approvals", new Map([["list", listApprovals] as const, ["approve", decide], ["reject", decide]])],
]);

/** What people may type here in good faith. */
function decide(): never {
  throw new UsageError(
    "A key can never approve or reject, whoever it belongs to. A signed-in person decides, in the console.",
  );
}

/**
 * Reads a command that speaks with a running desk.
 *
 * @param name the first word
 * @returns null where it is another command
 * @throws UsageError
 */
export function readRemoteCommand(name: string, words: readonly string[]): RemoteCommand | null {
  const reader = plain.get(name);
  if (reader) return reader(words);
  const group = groups.get(name);
  if (group === undefined) return null;
  const [subcommand, ...rest] = words;
  const chosen = subcommand === undefined ? undefined : group.get(subcommand);
  if (chosen) return chosen(rest);
  const known = [...group.keys(), ...(name === "purchases" ? ["import"] : [])].filter(
    (one) => ![decide, forPeople].some((refuses) => refuses === group.get(one)),
  );
  const said =
    subcommand === undefined ? `Say what to do with ${name}` : `There is no "${name} ${subcommand}"`;
  throw new UsageError(`${said}: ${known.join(", ")}. See npm run redress -- ${name} --help.`);
}
