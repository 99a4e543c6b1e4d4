export const deliveriesHelp = `Signed messages to apps: what they were told, what they answered, and sending them again.

Usage
  npm run redress -- deliveries list [--app <slug>] [--state <state>] [--since <date>] [--until <date>]
                                     [--limit <n>] [--cursor <c>] [--json]
  npm run redress -- deliveries show <ntf_…> [--json]
  npm run redress -- deliveries resend <ntf_…> [--json]
  npm run redress -- deliveries resend --since <date> --until <date> [--app <slug>] [--state <state>] [--yes] [--json]

Options
  --app <slug>     messages to this app
  --state <state>  pending, received, done, declined, overtaken, dead or unaddressed; resend takes dead (unless told)
                   or declined
  --since <date>   that came to be from then on: 2026-11-01 (midnight UTC) or 2026-11-01T08:30:00Z
  --until <date>   that came to be before then
  --limit <n>      lines, 1 to 100; 50 unless told
  --cursor <c>     go on after an earlier list, which names it
  --yes            do not ask before a window is sent again
  --json           one JSON object on standard output
  --help           this text

list    newest first, each with its last attempt.
show    one message with its body, which holds the customer's address, and its attempts. Signatures, cookies and
        other headers that may be secret are hidden.
resend  has one message sent again under its old id, or all messages of a window that no app took. A window is
        counted first, and you are asked; each message gets an entry in the log. The server does the sending; if
        none runs, the next one that starts.

Examples
  npm run redress -- deliveries list --app my-shop --state dead
  npm run redress -- deliveries resend --app my-shop --since 2026-11-20 --until 2026-11-24

Exit codes
  0   done
  1   could not be finished, e.g. the app has done what the message asks
  2   the command is wrong as it stands; nothing was changed
  130 stopped with Ctrl-C
`;
