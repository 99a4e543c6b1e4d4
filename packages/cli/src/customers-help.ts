export const customersHelp = `Gives out, or removes, what the desk holds of one customer.

Usage
  npm run redress -- customers export (--email <address> | --customer <id>) [--app <slug>]
  npm run redress -- customers erase (--email <address> | --customer <id>) [--app <slug>] [--yes] [--json]

export   purchases, refunds, notes, comments, messages and stored events, as one JSON object on standard output
erase    removes what is personal of them. What was refunded, when and by whose decision stays, and the audit log stays
         valid. Without --yes it says what it would remove, by table, and changes nothing

Options
  --email <address>   whoever bought with this address
  --customer <id>     Stripe's id of the customer (cus_…), or the app's own
  --app <slug>        of this app only
  --yes               erase it: this cannot be taken back
  --json              one JSON object on standard output
  --help              this text

An import, a webhook or the app's own report brings nothing of it back. Both are in the audit log, without saying whom.
Backups, DBOS's runs of the last day and logs of other programs are not reached: see docs/privacy.md.

Exit codes
  0   done
  1   could not be finished
  2   the command is wrong as it stands; nothing was changed
`;
