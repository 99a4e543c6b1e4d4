import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { createSecretBox } from "../secret-box.ts";
import { signMessage } from "./sign-message.ts";

// After a change of REDRESS_SECRET a new notification secret works at once: what cannot be read any more signs nothing.
const box = createSecretBox(randomBytes(32).toString("base64"));
const boxBefore = createSecretBox(randomBytes(32).toString("base64"));
const secret = `whsec_${randomBytes(32).toString("base64")}`;
const now = new Date();
const message = { id: "ntf_1", payload: { type: "ping" } };
const sign = (secretCiphertexts: string[]) =>
  signMessage({ clock: { now: () => now }, secrets: box }, { ...message, secretCiphertexts });

test("an older secret that cannot be opened is left out, and the newest one verifies", () => {
  const { headers, body } = sign([box.seal(secret), boxBefore.seal(secret)]);
  expect(headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  expect(new Webhook(secret).verify(body, headers)).toEqual(message.payload);
});

test("without its newest secret nothing is sent", () => {
  expect(() => sign([boxBefore.seal(secret), box.seal(secret)])).toThrow();
});
