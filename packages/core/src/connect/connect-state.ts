import { createHash, timingSafeEqual } from "node:crypto";
import { connectStates, type Transaction } from "@redress/database";
import { and, eq, gt, isNull, lt } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

const lifetimeMs = 10 * 60_000;
const keptMs = 24 * 60 * 60_000;

/** Whose journey to Stripe's consent page it is. */
export interface Traveller {
  readonly operatorId: string;
  /** The token of the browser session; kept only as a hash. */
  readonly sessionToken: string;
}

export type ConnectState = typeof connectStates.$inferSelect;

/** @returns the state to send along: random, single use, good for ten minutes */
export async function createConnectState(
  dependencies: Dependencies,
  input: Traveller & { appId: string },
): Promise<string> {
  const state = Buffer.from(dependencies.random.bytes(32)).toString("base64url");
  const now = dependencies.clock.now();
  await dependencies.database
    .delete(connectStates)
    .where(lt(connectStates.expiresAt, new Date(now.getTime() - keptMs)));
  await dependencies.database.insert(connectStates).values({
    stateHash: digest(state).toString("hex"),
    appId: input.appId,
    operatorId: input.operatorId,
    sessionHash: digest(input.sessionToken).toString("hex"),
    createdAt: now,
    expiresAt: new Date(now.getTime() + lifetimeMs),
  });
  return state;
}

/** The journey that a state belongs to; null when it is unknown, or another operator's or session's. */
export async function findConnectState(
  dependencies: Dependencies,
  input: Traveller & { state: string },
): Promise<ConnectState | null> {
  const row = await readConnectState(dependencies, digest(input.state).toString("hex"));
  if (row === null || row.operatorId !== input.operatorId) return null;
  return timingSafeEqual(Buffer.from(row.sessionHash, "hex"), digest(input.sessionToken)) ? row : null;
}

export async function readConnectState(
  dependencies: Dependencies,
  stateHash: string,
): Promise<ConnectState | null> {
  const [row] = await dependencies.database
    .select()
    .from(connectStates)
    .where(eq(connectStates.stateHash, stateHash));
  return row ?? null;
}

/** Takes the journey for one request: true for exactly one caller, and for none once it has expired. */
export async function consumeConnectState(dependencies: Dependencies, stateHash: string): Promise<boolean> {
  const now = dependencies.clock.now();
  const taken = await dependencies.database
    .update(connectStates)
    .set({ consumedAt: now })
    .where(
      and(
        eq(connectStates.stateHash, stateHash),
        isNull(connectStates.consumedAt),
        gt(connectStates.expiresAt, now),
      ),
    )
    .returning({ stateHash: connectStates.stateHash });
  return taken.length === 1;
}

/** Keeps what the journey led to, for the page that is loaded twice. */
export async function keepConnectResult(
  transaction: Transaction,
  stateHash: string,
  query: string,
): Promise<void> {
  await transaction
    .update(connectStates)
    .set({ result: { query } })
    .where(eq(connectStates.stateHash, stateHash));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
