export const secretsHelp = `Replaces REDRESS_SECRET without loss, and ends sessions.

Usage
  npm run redress -- secrets reseal [--check] [--json]
  npm run redress -- secrets end-sessions [--yes] [--json]

reseal        seals with REDRESS_SECRET all that one of REDRESS_SECRET_PREVIOUS sealed: notification secrets, webhook
              secrets of agents, mail that waits, second factors. Every server must have both first. Each value is
              replaced by itself: stopped or killed, the same command goes on; beside running servers it is safe.
              It prints the public keys of the audit log's older anchors: keep them.
  --check       changes nothing, and says how many values need an older secret, by kind
end-sessions  signs everybody out, at once. Keys of agents are not touched.
  --yes         do not ask before

Options
  --json        one JSON object on standard output
  --help        this text

How the secret is replaced, step by step: docs/secrets.md.

Exit codes
  0   done; with --check: nothing needs an older secret
  1   with --check: an older secret is needed yet. Or: some value is sealed with a secret that was not given
  2   the command is wrong as it stands; nothing was changed
  130 stopped with Ctrl-C
`;
