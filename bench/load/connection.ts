import { connect, type Socket } from "node:net";

/** The answer never came: refused, cut off, or not HTTP. The request may have had its effect all the same. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

const headEnd = "\r\n\r\n";

/**
 * One HTTP/1.1 connection that is kept alive, one request at a time. By hand, since any client library
 * would cost more than the servers that are measured; it reads no more than a status and a length.
 */
export class Connection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | null = null;
  #received = "";
  #waiting: { resolve(status: number): void; reject(error: NoAnswer): void } | null = null;

  constructor(url: URL) {
    this.#host = url.hostname;
    this.#port = Number(url.port);
  }

  /**
   * Sends a whole request and waits for the whole answer. Opens the connection where there is none.
   *
   * @returns the status
   * @throws NoAnswer
   */
  send(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    socket.setEncoding("latin1");
    this.#received = "";
    socket.on("data", (chunk: string) => {
      this.#received += chunk;
      this.#read();
    });
    const lost = (reason: string) => {
      if (this.#socket !== socket) return;
      this.close();
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.reject(new NoAnswer(reason));
    };
    socket.on("error", (error) => lost(error.message));
    socket.on("close", () => lost("the connection was closed"));
    return socket;
  }

  #read(): void {
    const end = this.#received.indexOf(headEnd);
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    const waiting = this.#waiting;
    if (!status || (length === undefined && !/^connection: *close/im.test(head))) {
      this.close();
      this.#waiting = null;
      waiting?.reject(new NoAnswer("the answer has no status or no length"));
      return;
    }
    const whole = end + headEnd.length + Number(length ?? 0);
    if (this.#received.length < whole) return;
    this.#received = this.#received.slice(whole);
    // What comes behind it is for nobody.
    if (/^connection: *close/im.test(head)) this.close();
    this.#waiting = null;
    waiting?.resolve(status);
  }
}
