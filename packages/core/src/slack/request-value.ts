import { z } from "zod";

/** What a button carries: which request, and what was shown of it. */
export interface RequestValue {
  readonly refundId: string;
  /** `hashOfRequest` */
  readonly shown: string;
}

const schema = z
  .string()
  .regex(/^rfd_[0-9a-z]{20}\.[\w-]{43}$/)
  .transform((text): RequestValue => {
    const [refundId = "", shown = ""] = text.split(".");
    return { refundId, shown };
  });

export function writeRequestValue({ refundId, shown }: RequestValue): string {
  return `${refundId}.${shown}`;
}

/** @returns null when it is no value of a button of ours */
export function readRequestValue(text: string | undefined): RequestValue | null {
  return schema.safeParse(text).data ?? null;
}
