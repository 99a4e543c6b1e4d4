import type { Answer } from "./answer.ts";
import type { Notification } from "./notification.ts";

type Purchase = Notification["data"]["purchase"];

/**
 * Remembers the highest `sequence` handled per purchase, so that a message overtaken by a newer one
 * changes nothing. Keep it where access itself is kept: a column beside it does.
 */
export interface SequenceStore {
  read(purchase: Purchase): Promise<number | undefined>;
  write(purchase: Purchase, sequence: number): Promise<void>;
}

/** Forgets at restart: good for tests and a first try, not for production. */
export function memorySequenceStore(): SequenceStore {
  const sequences = new Map<string, number>();
  return {
    read: async (purchase) => sequences.get(purchase.id),
    write: async (purchase, sequence) => {
      sequences.set(purchase.id, Math.max(sequence, sequences.get(purchase.id) ?? 0));
    },
  };
}

/**
 * Remembers what was answered to a message, so that the same one is answered again and your functions are not called
 * twice. Only needed where calling them twice would do harm, such as a mail to the customer.
 */
export interface ReplayGuard {
  /** What this message was answered, if it was. */
  read(id: string): Promise<Answer | undefined>;
  /** Keep it for a week at least: Redress tries for three days, and people may send a message again. */
  write(id: string, answer: Answer): Promise<void>;
}
