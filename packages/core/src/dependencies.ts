import type { Database } from "@redress/database";
import type { WebClient } from "@slack/web-api";
import type Stripe from "stripe";
import type { Meter } from "./metrics/meter.ts";

export interface Clock {
  now(): Date;
}

export interface Random {
  bytes(count: number): Uint8Array;
}

/** A pino logger satisfies it. Objects first, then a sentence. */
export interface Logger {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

/** Finds fingerprints that were made with a key, and opens nothing. */
export interface FingerprintKey {
  /** Of the key of the box that it belongs to. */
  readonly id: string;
  /** Base64url. */
  readonly key: string;
}

/** Encrypts secrets at rest. `open` throws when the text was not sealed with one of the keys. */
export interface SecretBox {
  seal(clearText: string): string;
  open(sealed: string): string;
  /** The second part of what each key sealed: the present one's, then those of older ones. */
  readonly keyIds: readonly [string, ...string[]];
  /** Of the older keys: `keepFingerprintKeys` stores them, so that fingerprints outlive those keys. */
  readonly olderFingerprintKeys: readonly FingerprintKey[];
  /**
   * Stands for a text of high entropy in the database, by which it is found again: HMAC-SHA-256 in hex. The
   * first is made with the present key, the others with older ones.
   */
  fingerprints(clearText: string): readonly [string, ...string[]];
}

/** Seals the second factors of people anew: better-auth seals them with the same secrets, in a form of its own. */
export interface SignInSeals {
  /** What a sealed text names of each secret, the present one's first. */
  readonly versions: readonly number[];
  /** With the present secret. Null: none of the secrets opens it. */
  sealAnew(sealed: string): Promise<string | null>;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most `maximumBytes` of it. */
  readonly body: string;
}

/**
 * HTTP to addresses that apps chose. Refuses private addresses at connect time and never follows a
 * redirect. Rejects with an `OutboundError` whose code says why nothing was answered.
 */
export interface Outbound {
  post(request: {
    url: string;
    headers: Record<string, string>;
    body: string;
    timeoutMs: number;
    maximumBytes: number;
  }): Promise<OutboundResponse>;
}

/** Signs heads of the audit chain and keeps them outside the database. */
export interface AuditAnchors {
  /** Ed25519, as SPKI in base64: what checks the signatures, and may be given to anybody. */
  readonly publicKey: string;
  /** Those of the secrets before, the newest first: they signed the older anchors. */
  readonly olderPublicKeys: readonly string[];
  /** The last that was kept, or null. */
  last(): Promise<SignedAnchor | null>;
  /** Signs and keeps one more. */
  keep(anchor: AnchorStatement): Promise<SignedAnchor>;
}

/** That the chain had this hash under this number at this moment. */
export interface AnchorStatement {
  /** `2026-11` in UTC. */
  readonly month: string;
  readonly number: number;
  readonly hash: string;
  readonly at: Date;
}

export interface SignedAnchor extends AnchorStatement {
  readonly publicKey: string;
  /** Base64, over `anchorText`. */
  readonly signature: string;
}

/** Where a request came from. */
export interface Origin {
  /** Stands for the address in the audit log: see `noteAddress`. */
  readonly addressHash: string;
}

/** The company's Slack workspace. */
export interface Slack {
  /** Acts as the desk's bot; tries once, and rejects when Slack asks for patience. */
  readonly client: WebClient;
  /** Each is tried in order, so that the secret can be rolled. */
  readonly signingSecrets: readonly string[];
  /** Id of the channel of apps that have none of their own. Null: their requests are not shown in Slack. */
  readonly channel: string | null;
}

export interface MailMessage {
  /** Stays the same when the message is sent again: mail programs show it once. */
  readonly id?: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Where an answer goes; to the sender unless told. */
  readonly replyTo?: string;
}

/** Mail to the people of this desk and, where an app wants it, to customers. For what stands in the database use `queueMail`: nothing is lost then. */
export interface Mail {
  /** `log`: messages are printed, in development. `none`: nothing is sent; what needs mail says so. */
  readonly way: "smtp" | "log" | "none";
  /** @throws MailError when the message was not taken */
  send(message: MailMessage): Promise<void>;
}

/** What the desk was configured with. */
export interface Settings {
  /** Origin of this installation, e.g. `https://refunds.example.com`, without a slash at the end. */
  readonly publicUrl: string;
  readonly mode: "live" | "test" | "sandbox";
  /** After so many days an event's payload loses what is personal. */
  readonly eventRetentionDays: number;
  /** Requests a second that Stripe allows this platform; the mode's usual limit unless told. */
  readonly stripeRateLimit?: number;
  readonly stripe: {
    readonly clientId: string;
    readonly publishableKey: string;
    /** Origin of the consent page: `https://connect.stripe.com`, or the sandbox. */
    readonly connectOrigin: string;
    /** Each list is tried in order, so that a secret can be rolled. */
    readonly platformWebhookSecrets: readonly string[];
    readonly connectWebhookSecrets: readonly string[];
  };
}

/**
 * Everything outside the process that core touches. Handed to each function, so that a test or a
 * simulation can own all of it.
 */
export interface Dependencies {
  readonly database: Database;
  /** Platform-level client: fetch transport, no automatic retries; `stripeAccount` is given per call. */
  readonly stripe: Stripe;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly secrets: SecretBox;
  /** Absent where nobody signs in, as in most tests. */
  readonly signInSeals?: SignInSeals;
  readonly outbound: Outbound;
  /** Null: none is configured. */
  readonly slack: Slack | null;
  readonly mail: Mail;
  readonly settings: Settings;
  /** Counts what this process does, for `/metrics`. Absent: nobody looks. */
  readonly meter?: Meter;
  /** Absent: no anchor is made, as in tests. */
  readonly auditAnchors?: AuditAnchors;
  /** Of the request that these were bound to; absent for what the desk does by itself. */
  readonly origin?: Origin;
  /**
   * Called after a commit that queued messages, so that they leave at once and not at the next sweep. Events
   * of Stripe say so: while they crowd in they may be put off, and nothing else is.
   */
  readonly wakeOutbox: (queued?: "event") => void;
}
