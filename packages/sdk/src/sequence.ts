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
