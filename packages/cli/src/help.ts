export const generalHelp = `Redress at the command line.

Usage
  npm run redress -- <command> [options]

Commands
  reconcile     compare apps' books with Stripe, mend what differs, and list it
  events        look at Stripe's events, replay them, and pull in what was missed
  deliveries    look at the messages to apps, and send them again
  audit         read the audit log, verify it, export it, and anchor it outside the database
  customers     give out what the desk holds of a customer, or erase it
  export        what refunds moved, as CSV for accounting
  secrets       replace REDRESS_SECRET without loss, end all sessions
  mcp           connect a program that speaks MCP over standard input and output
  help          this text; help <command> for one command

Commands that speak with a running desk, with an agent's key
  sign-in       keep a key; sign-out forgets it, whoami says what it may do
  apps          the apps that the key is for
  purchases     find what customers paid; import an account's history (with the server's configuration)
  refunds       ask for refunds, see what became of them, take them back
  bulk          ask for many refunds as one list, and watch it
  approvals     what waits for a person
  doctor        whether this machine can work with the desk

reconcile, events, deliveries, audit, export, customers and secrets use the configuration of the server: the same environment
variables, and without DATABASE_URL the embedded PostgreSQL of this project, whether the server runs or not.

Exit codes
  0   done
  1   refused, or could not be finished: Stripe, the database or the configuration is at fault
  2   the command is wrong as it stands; nothing was changed
  130 stopped with Ctrl-C
`;

export const reconcileHelp = `Compares apps' books with Stripe, mends what differs, and lists it.

Usage
  npm run redress -- reconcile (--app <slug> … | --all) [--since <date>] [--json]
  npm run redress -- reconcile --refund <id> … [--json]
  npm run redress -- reconcile --after-restore [--since <moment>] [--json]

Options
  --app <slug>     the app to compare; may be given several times
  --all            every app. One that is not connected to Stripe is named, and the rest goes on
  --refund <id>    one refund instead, rfd_… or re_…, with the others of its charge
  --since <date>   list what was made at Stripe from then on: 2026-11-01 (midnight UTC) or
                   2026-11-01T08:30:00Z. Unless told: 30 days ago, as long as Stripe keeps events
  --after-restore  after the database was restored from a backup, with every server stopped: see below
  --json           one JSON object on standard output when it is done
  --help           this text

What it does, for each app
  1. lists the refunds at Stripe made since then, and at least those of the last 35 days, which may
     still change; takes in what the desk does not have and settles what differs
  2. asks for older refunds that are not final, or have been for less than 35 days
  3. lists the events since then and puts those that no webhook told into the inbox, marked "pulled".
     The running server handles them; if none runs, the next one that starts does
  4. sends again what was due and had no effect for ten minutes

Every change goes the same way as the answer of Stripe's API or a webhook, so running it again, or beside
the server, changes nothing twice. It shares its requests to Stripe with the servers on the same
database, 5 a second in test mode and 20 in live mode for all of them, and waits when Stripe says so.
It may be stopped or killed at any time: the same command goes on where it was, and so does the server.

Differences go to standard output, progress to standard error.

After a restore
  The backup shows refunds as waiting that were paid since, and does not know others. --after-restore first stops the
  refunds of all apps and ends open lists of refunds, then compares each app from the newest entry of the database on
  (--since <moment> where that is not the moment of the backup, e.g. since a server was started on it). Refunds of ours
  are taken in by their metadata. Nothing is sent until a person lets refunds run, which is refused for an app that was
  not compared. Run it before any server starts; interrupted, the same command goes on. See docs/backup.md.

Examples
  npm run redress -- reconcile --app my-shop --since 2026-11-01
  npm run redress -- reconcile --all --json > drift.json
  npm run redress -- reconcile --refund rfd_0123456789abcdefghij

With the local sandbox
  REDRESS_SANDBOX_ORIGIN=http://127.0.0.1:4010 npm run redress -- reconcile --all
  npm start prints the origin. It is enough: the keys are asked from the sandbox.
`;
