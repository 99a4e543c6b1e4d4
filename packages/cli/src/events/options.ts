import { z } from "zod";

export const statusSchema = z.enum(["received", "handled", "ignored", "failed"]);

/** Which events are meant. */
export interface Filters {
  readonly app: string | undefined;
  readonly type: string | undefined;
  readonly status: z.output<typeof statusSchema> | undefined;
  readonly label: string | undefined;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
}

/** How much of a list, from where on, and for whom. */
export interface PageOptions {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly json: boolean;
}
