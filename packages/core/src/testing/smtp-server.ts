import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  readonly to: readonly string[];
  /** Head and body as they came. */
  readonly raw: string;
}

/**
 * A mail server in this process that speaks SMTP.
 *
 * @param options.refuse the answer to a message instead of yes, e.g. 550; asked for each
 * @param options.user with it, only this user with this password may send
 */
export async function startSmtpServer(
  options: { refuse?: () => number | null; user?: { name: string; password: string } } = {},
) {
  const received: ReceivedMail[] = [];
  const { user } = options;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", ...(user === undefined ? (["AUTH"] as const) : [])],
    allowInsecureAuth: true,
    onAuth(auth, _session, done) {
      const known = auth.username === user?.name && auth.password === user?.password;
      if (known) done(null, { user: auth.username });
      else done(Object.assign(new Error("who?"), { responseCode: 535 }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const code = options.refuse?.() ?? null;
        if (code !== null) {
          done(Object.assign(new Error("no: somebody@example.com"), { responseCode: code }));
          return;
        }
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, raw: Buffer.concat(chunks).toString("utf8") });
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const signIn = user === undefined ? "" : `${user.name}:${encodeURIComponent(user.password)}@`;
  return {
    url: `smtp://${signIn}127.0.0.1:${port}`,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
