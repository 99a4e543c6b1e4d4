export const exportHelp = `What accounting needs, as CSV.

Usage
  npm run --silent redress -- export refunds [--app <slug>] [--month <2026-11>] [--currency <eur>] > refunds.csv

refunds  a line for each refund that Stripe has, and another for one that came back (kind "failure"), oldest
         first: ids, dates, amounts, what Stripe booked, product, order, reason, who asked and who decided.
         docs/operators.md describes the columns.

Options
  --app <slug>         of one app
  --month <month>      booked at Stripe in this month, in UTC
  --currency <code>    refunds of this currency, in small letters

Examples
  npm run --silent redress -- export refunds --app my-shop --month 2026-11 --currency eur > november.csv

Exit codes
  0   written
  1   the database or the configuration is at fault
  2   the command is wrong as it stands, or there is no such app
  130 stopped with Ctrl-C: what was written is only a part
`;
