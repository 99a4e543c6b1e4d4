import { refundStatuses } from "@redress/database";
import { z } from "zod";

/** One status, or several separated by commas. */
export const statusesQuery = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(refundStatuses)))
  .optional();
