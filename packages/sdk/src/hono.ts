import { createHandler, type HandlerOptions } from "./handler.ts";

/** For Hono, on any runtime: `app.post("/redress", createHonoHandler({ … }))`. */
export function createHonoHandler(
  options: HandlerOptions,
): (context: { req: { raw: Request } }) => Promise<Response> {
  const handle = createHandler(options);
  return (context) => handle(context.req.raw);
}
