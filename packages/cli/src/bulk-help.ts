import { end, shared } from "./help-parts.ts";

export const bulkHelp = `Asks for many refunds of an app as one list, and says how far a list has come.

Usage
  npm run redress -- bulk create --app <slug> (--csv <file> | --search <words>) [--reason <r>] [--note <text>]
                          [--request-id <id>] [--json]
  npm run redress -- bulk list [--status <status>] [--limit <n>] [--cursor <c>] [--json]
  npm run redress -- bulk show <blk_…> [--watch] [--json]
  npm run redress -- bulk withdraw <blk_…> [--json]

Options
  --app <slug>     whose purchases they are
  --csv <file>     a line for each purchase: one of the columns purchase, charge, payment_intent, order_number, and
                   optionally amount (with all decimals: 49.00) with currency. At most 20,000 lines
  --search <w>     the words of a search of purchases, e.g. "date:2026-11-01..2026-11-05 workshop". What it finds now
                   is the list
  --reason <r>     requested_by_customer unless told
  --note <text>    why, for those who approve and audit
  --request-id <i> your own id of this request: the same id and words give the first list again
  --watch          ask every two seconds until it has ended; Ctrl-C stops watching, not the list
  --status <s>     one, or several separated by commas, e.g. awaiting_approval,running
  --limit <n>      lists, 1 to 100; 50 unless told
  --cursor <c>     go on after an earlier list, which names it
${shared}

create  every line is judged by itself in the background, then people approve exactly that list. Nothing is refunded
        or held before.
show    what became of the lines and refunds, counted. Exit code 1 where it came to nothing.
withdraw takes back what this key asked for, before it is approved.

There is no command that approves, rejects, pauses, lets go on or cancels, and none for single lines, which name
customers: a signed-in person does that on the list's page in the console, where its result is a file.

Examples
  npm run redress -- bulk create --app my-shop --csv workshop.csv --reason duplicate --note "Workshop cancelled"
  npm run redress -- bulk show blk_0123456789abcdefghij --watch

${end}`;
