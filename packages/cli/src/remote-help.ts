import { bulkHelp } from "./bulk-help.ts";
import { end, shared } from "./help-parts.ts";

const purchases = `Looks up what customers paid.

Usage
  npm run redress -- purchases find <words> [--app <slug>] [--limit <n>] [--cursor <c>] [--json]
  npm run redress -- purchases show <pur_…> [--json]
  npm run redress -- purchases import --app <slug> [--json]

Options
  --app <slug>     only in this app
  --limit <n>      lines, 1 to 100; 50 unless told
  --cursor <c>     go on after an earlier list, which names it
${shared}

find    by e-mail address, name, order number, charge, payment intent, customer, the card's last four digits,
        amount (49.00eur) or date (2026-11-01); several words, as one argument, must all match. Newest first.
        "by address or name only" stands where nothing else was asked for that would show whose it is.
show    one, with every refund of it and what is left.
import  takes in the whole history of the app's Stripe account, with a bar. It works beside the server, on the
        database of this machine's configuration (like reconcile) and without a key; each may be stopped or killed
        and the other goes on. At a fifth of what Stripe allows: 500 charges a second in test mode, 2,000 live.

Examples
  npm run redress -- purchases find lin@example.com
  npm run redress -- purchases find "lin course" --app my-shop --json
  npm run redress -- purchases find "lin@example.com amount:49 since:2026-10"
  npm run redress -- purchases import --app my-shop

${end}`;

const refunds = `Asks for refunds, and says what became of them.

Usage
  npm run redress -- refunds list [--status <status>] [--limit <n>] [--cursor <c>] [--json]
  npm run redress -- refunds show <rfd_…> [--json]
  npm run redress -- refunds policy <pur_…> [--amount <n> --currency <c>] [--reason <r>] [--json]
  npm run redress -- refunds request <pur_…> [--amount <n> --currency <c>] [--reason <r>] [--note <text>]
                             [--request-id <id>] [--in-addition-to <rfd_…> …] [--yes] [--json]
  npm run redress -- refunds withdraw <rfd_…> [--note <text>] [--json]

Options
  --status <s>     one, or several separated by commas, e.g. awaiting_approval,blocked
  --limit <n>      lines, 1 to 100; 50 unless told
  --cursor <c>     go on after an earlier list, which names it
  --amount <n>     in the currency's smallest unit: 2500 are EUR 25.00. All that is left unless told
  --currency <c>   three letters, e.g. eur
  --reason <r>     requested_by_customer unless told
  --note <text>    why, for those who approve and audit
  --request-id <i> your own id of this request. The same id and words give the first refund again, for ever;
                   other words are request_key_conflict. A new one is made, and printed, unless told
  --in-addition-to earlier refunds of the purchase, where another one is really wanted; may be given several times
  --yes            do not ask before; without a terminal nobody is asked
${shared}

policy  what would become of a request: allowed, for a person to approve, or refused with a reason for the
        customer. Changes nothing.
request asks for it. What the policy allows is made, the rest waits for a person: the answer says how to look
        again. Asking twice for the same gives the same refund. Exit code 1 where it is refused.
withdraw takes back what this key asked for, while Stripe cannot have it.

Examples
  npm run redress -- refunds policy pur_0123456789abcdefghij
  npm run redress -- refunds request pur_0123456789abcdefghij --amount 2500 --currency eur --request-id ticket-4711
  npm run redress -- refunds list --status awaiting_approval --json

${end}`;

const approvals = `Lists what waits for a person to approve it.

Usage
  npm run redress -- approvals list [--limit <n>] [--cursor <c>] [--json]

Options
  --limit <n>      lines, 1 to 100; 50 unless told
  --cursor <c>     go on after an earlier list, which names it
${shared}

There is no command that approves or rejects: a key can never decide, whoever it belongs to. A signed-in person
does, in the console under Approvals.

Example
  npm run redress -- approvals list --json

${end}`;

const apps = `Lists the apps that the key is for.

Usage
  npm run redress -- apps list [--json]
  npm run redress -- apps show <slug> [--json]

Options
${shared}

Settings, policies and connections are shown to signed-in people only.

Example
  npm run redress -- apps list

${end}`;

const signIn = `Keeps an agent's key for the other commands.

Usage
  npm run --silent redress -- sign-in [--url <address>] [--json] < file-with-the-key

Options
${shared}

The key is read from standard input, and at a terminal asked for without showing it: other users of a machine can see
the words of a command. The desk is asked whether it is good. It is kept in $XDG_CONFIG_HOME/redress/credentials.json
(~/.config unless set), which only you can read. REDRESS_KEY with REDRESS_URL goes before it.

Example
  npm run redress -- sign-in --url https://refunds.example.com

${end}`;

const signOut = `Forgets the key that sign-in kept. It stays good elsewhere until it is revoked.

Usage
  npm run redress -- sign-out [--json]

Example
  npm run redress -- sign-out

${end}`;

const whoAmI = `Says which key is used, and what it may do now.

Usage
  npm run redress -- whoami [--json]

Options
${shared}

Example
  npm run redress -- whoami

${end}`;

const doctor = `Checks whether this machine can work with the desk, or whether a server is set up right.

Usage
  npm run redress -- doctor [--json]
  npm run redress -- doctor --server [--json]

Options
${shared}

desk     the address answers as a desk
key      it is good, and what it may do
version  desk and command line are of one version
clock    it differs from the desk's by less than a minute

That looks at the desk from outside. --server, run where the server runs and with its variables, looks at the
configuration, the database and its schema, the key and endpoints at Stripe, the webhook secrets (by a signed
message to the public address), the engine, mail, Slack, apps and the audit log's anchors. It says what is wrong
and how to mend it, changes nothing, and exits with 1 when something is wrong; warnings are 0.

Example
  npm run redress -- doctor --json

${end}`;

/** The help of each command that speaks with a desk. */
export const remoteHelps: ReadonlyMap<string, string> = new Map([
  ["sign-in", signIn],
  ["sign-out", signOut],
  ["whoami", whoAmI],
  ["apps", apps],
  ["purchases", purchases],
  ["refunds", refunds],
  ["bulk", bulkHelp],
  ["approvals", approvals],
  ["doctor", doctor],
]);
