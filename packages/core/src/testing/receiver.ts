import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

/** What an app does with a message. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

export interface ReceivedMessage {
  readonly id: string;
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An app over real HTTP: keeps what it is sent, and answers as it is told. */
export interface Receiver {
  readonly url: string;
  readonly messages: ReceivedMessage[];
  /** Answers for the messages to come, in order; the last one for all that follow. */
  answer(...answers: ReceiverAnswer[]): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const messages: ReceivedMessage[] = [];
  let answers: ReceiverAnswer[] = [{ status: 200 }];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const timestamp = Number(headers["webhook-timestamp"]);
      messages.push({
        id: headers["webhook-id"] ?? "",
        timestamp,
        headers,
        body: Buffer.concat(chunks).toString(),
      });
      const [answer = { status: 200 }] = answers;
      if (answers.length > 1) answers = answers.slice(1);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}/refunds`,
    messages,
    answer: (...given) => {
      answers = given;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * Reads a message as an app does, with the official library; throws when its signature is wrong. The
 * library believes only timestamps close to the real time, so tests that stop the clock stop it here too.
 */
export function verifyMessage(secret: string, { headers, body }: ReceivedMessage): unknown {
  return new Webhook(secret).verify(body, headers);
}
