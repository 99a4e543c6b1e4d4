/* What the helps of all commands that speak with a desk have in common. */

export const shared = `  --url <address>  of the desk; REDRESS_URL, or where you are signed in, unless told. https, but on this machine
  --json           one JSON document on standard output; an error is {"error":{"code","message"}} on standard error
  --help           this text`;

export const end = `The key is an agent's, made by an administrator: see docs/agents.md. It comes from REDRESS_KEY, or from
redress sign-in. Nothing else of the server's configuration is needed.

Exit codes
  0   done
  1   the desk refused, or could not be reached; see the code in --json
  2   the command is wrong as it stands; nothing was sent
`;
