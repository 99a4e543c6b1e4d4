export const auditHelp = `The audit log: proving that it is whole, and taking it out.

Usage
  npm run redress -- audit list [--refund <id>] [--purchase <id>] [--limit <n>] [--cursor <cursor>] [--json]
  npm run redress -- audit verify [--anchors <folder>] [--public-key <key> …] [--month <2026-11>] [--alone] [--json]
  npm run redress -- audit export [--format csv|jsonl] [filters] > file
  npm run redress -- audit anchor [--json]

list    what is in the log, newest first: 50 unless told, at most 200.
verify  recomputes the hash chain and names the first entry that is not what was sealed.
        --anchors <folder>   compare with signed heads kept outside the database (AUDIT_ANCHOR_DIR). Without
                             them nobody can tell whether the end was cut off, or all made anew
        --public-key <key>   believe anchors of this key too, e.g. of before REDRESS_SECRET was replaced
        --month <month>      this month's piece of the chain alone
        --alone              with DATABASE_URL, anchors and public keys only, and none of the desk's secrets: for
                             an auditor, whose role may be one that only reads
export  writes the log to standard output, oldest first; jsonl unless told.
anchor  seals what waits, signs the head, adds it to AUDIT_ANCHOR_DIR and prints it, with the public key.

Filters of export
  --app <slug>           of one app
  --actor-kind <kind>    operator, agent, policy, stripe, app or system
  --actor <id>           of one person or key
  --action <action>      e.g. refund_approved
  --correlation <id>     of one click, call or webhook: x-correlation-id
  --since, --until       a date such as 2026-11-01 (midnight UTC), or 2026-11-01T08:30:00Z

Examples
  npm run redress -- audit list --refund rfd_0123456789abcdefghij
  npm run redress -- audit verify --anchors /mnt/anchors

Exit codes of verify
  0   the log is whole
  1   it is broken, or an anchor cannot be believed; the output says where
  2   the command is wrong as it stands
`;
