import type { z } from "zod";
import { askDesk } from "./ask-desk.ts";
import type { Connection } from "./connection.ts";
import { DeskError } from "./desk-error.ts";

/**
 * Asks for something that is made once for a request's id, and says so where no answer came.
 *
 * @throws DeskError as `askDesk`; `desk_unreachable` names the id
 */
export async function askOnce<Answer extends object>(
  connection: Connection,
  { path, body, requestId }: { path: string; body: object; requestId: string },
  shape: z.ZodType<Answer>,
): Promise<Answer> {
  const headers = { "idempotency-key": requestId };
  try {
    return await askDesk(connection, { method: "POST", path, body, headers }, shape);
  } catch (error) {
    if (!(error instanceof DeskError) || error.code !== "desk_unreachable") throw error;
    // It may have arrived all the same: with the same id it is never made twice.
    const sentence = `${error.message} Then send the same again with --request-id ${requestId}: it is made once.`;
    throw new DeskError(error.code, sentence, { details: { requestId }, cause: error });
  }
}
