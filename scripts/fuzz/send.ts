import { Agent, request } from "node:http";
import { connect } from "node:net";
import { maximumBodyBytes } from "@redress/core/webhooks/ingest";
import type { FuzzRequest } from "./requests.ts";

/** Sends requests to one port over connections that are kept. */
export function createSender(port: number, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const path = "/api/stripe/webhooks";

  function whole({ bytes, signature, way }: FuzzRequest): Promise<number | null> {
    const isRefusedUnread = way === "whole" && bytes.byteLength > maximumBodyBytes;
    return new Promise((resolve) => {
      const headers = {
        ...(signature === undefined ? {} : { "Stripe-Signature": signature }),
        ...(way === "whole" ? { "Content-Length": bytes.byteLength } : {}),
      };
      const sent = request({ host: "127.0.0.1", port, path, method: "POST", headers, agent }, (answer) => {
        const { statusCode = null } = answer;
        answer.on("end", () => resolve(statusCode)).on("error", () => resolve(statusCode));
        answer.resume();
        if (isRefusedUnread) sent.destroy();
      });
      sent.on("error", () => resolve(null));
      // Its head says enough. A body on its way to somebody who has hung up would take the answer with it.
      if (isRefusedUnread) sent.flushHeaders();
      else if (way === "whole") sent.end(bytes);
      else {
        const middle = bytes.byteLength >> 1;
        sent.write(bytes.subarray(0, middle));
        sent.end(bytes.subarray(middle));
      }
    });
  }

  /** Announces all and sends the half, then hangs up, as a broken network does. */
  function cut({ bytes, signature }: FuzzRequest): Promise<number | null> {
    return new Promise((resolve) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () => {
        const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nStripe-Signature: ${signature}\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head), bytes.subarray(0, bytes.byteLength >> 1)]));
      });
      socket.setEncoding("latin1").on("data", (part) => {
        text += part;
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        const status = /^HTTP\/1.1 (\d+)/.exec(text)?.[1];
        resolve(status === undefined ? null : Number(status));
      });
    });
  }

  return {
    /** @returns the status, or null when nothing was answered */
    send: (fuzz: FuzzRequest) => (fuzz.way === "cut" ? cut(fuzz) : whole(fuzz)),
    close: () => agent.destroy(),
  };
}
