export const eventsHelp = `Stripe's events: what came in, what became of it, and having it handled again.

Usage
  npm run redress -- events list [filters] [--limit <n>] [--cursor <c>] [--json]
  npm run redress -- events show <evt_…> [--payload] [--json]
  npm run redress -- events dead [--app <slug>] [--limit <n>] [--cursor <c>] [--json]
  npm run redress -- events replay <evt_… or msg_…> [--json]
  npm run redress -- events replay --since <date> --until <date> [filters] [--yes] [--json]
  npm run redress -- events pull --app <slug> --since <date> [--until <date>] [--json]

Filters
  --app <slug>       events of the account that this app is connected to
  --type <type>      Stripe's type, e.g. refund.created; with * at its end all that begin so: 'charge.*'
  --status <status>  received, handled, ignored or failed
  --label <label>    what is odd about it, e.g. unknown_account, other_mode, unknown_type
  --since <date>     that came in from then on: 2026-11-01 (midnight UTC) or 2026-11-01T08:30:00Z
  --until <date>     that came in before then

Other options
  --limit <n>        lines, 1 to 500; 50 unless told
  --cursor <c>       go on after an earlier list, which names it
  --payload          the event as Stripe sent it, with the customer's data in it
  --yes              do not ask before a window is replayed
  --json             one JSON object on standard output
  --help             this text

list    the inbox, newest first, without any customer's data.
show    one event: what it is about, its message to the workflow engine with the next sending or why there is
        none, what handling it changed (the entries of the log), and what apps were told because of it.
dead    messages of every kind, not only of events, whose work failed each time until they were given up, with
        the reason. They wait for you: look at the reason, then replay.
replay  has one event handled again, or sends a dead message again, or does so with all events of a window.
        Handling twice changes nothing twice. A window is counted first, and you are asked; each event gets an
        entry in the log; types that Redress does nothing about are left out and counted. Stopped or killed,
        the same command goes on where it was. The server does the work; if none runs, the next one that starts.
pull    takes in what no webhook told, from Stripe's own list of that account's events, marked "pulled". Stripe
        lists the last 30 days. It shares its requests with the comparisons of all servers on this database.

Examples
  npm run redress -- events list --status failed
  npm run redress -- events list --app my-shop --type 'refund.*' --since 2026-11-01
  npm run redress -- events replay --since 2026-11-24T08:00:00Z --until 2026-11-24T09:30:00Z --status failed
  npm run redress -- events pull --app my-shop --since 2026-11-20

Exit codes
  0   done
  1   could not be finished, e.g. the app is not connected, or the event cannot be replayed
  2   the command is wrong as it stands; nothing was changed
  130 stopped with Ctrl-C
`;
