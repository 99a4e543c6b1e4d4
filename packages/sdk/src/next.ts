import { createHandler, type HandlerOptions } from "./handler.ts";

/** For `app/…/route.ts` of Next.js: `export const { POST } = createRoute({ … })`. */
export function createRoute(options: HandlerOptions): { POST(request: Request): Promise<Response> } {
  return { POST: createHandler(options) };
}
