import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { errorResponse, jsonResponse } from "../http/error-response.ts";
import { parseJson, readText } from "../http/read-json.ts";
import { getRuntime } from "../runtime.ts";
import { guarded, type Handler } from "./guarded.ts";

const slugParams = z.object({ slug: z.string() });

interface AppContext<Body> {
  readonly dependencies: Dependencies;
  readonly app: { readonly id: string; readonly slug: string };
  readonly body: Body;
  readonly correlationId: string;
}

/**
 * A route for an app's own server: the body is signed with the app's notification secret, in the
 * Standard Webhooks format (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`; a timestamp
 * more than five minutes off is refused by the library). An unknown app is answered like a wrong signature.
 */
export function appRoute<Body extends z.ZodType>(
  rule: { body: Body },
  handle: (context: AppContext<z.output<Body>>) => Promise<unknown>,
): Handler {
  const handler: Handler = async (request, { params }) => {
    const { dependencies } = getRuntime();
    const correlationId = newId(dependencies.random, "correlation");
    try {
      const { slug } = slugParams.parse(await params);
      const text = await readText(request);
      const app = await verifyApp(dependencies, slug, text, request.headers);
      const body = rule.body.parse(parseJson(text));
      const answer = await handle({ dependencies, app, body, correlationId });
      return jsonResponse(answer, { status: 200, correlationId });
    } catch (error) {
      return errorResponse(error, { logger: dependencies.logger, correlationId });
    }
  };
  return guarded(handler, { kind: "app-signed" });
}

async function verifyApp(
  dependencies: Dependencies,
  slug: string,
  text: string,
  headers: Headers,
): Promise<{ id: string; slug: string }> {
  const rows = await dependencies.database
    .select({ id: apps.id, ciphertext: apps.notificationSecretCiphertext })
    .from(apps)
    .where(eq(apps.slug, slug));
  const app = rows[0];
  const invalid = (cause?: unknown) =>
    new RedressError(
      "signature_invalid",
      "The signature does not belong to this app, or its timestamp is more than five minutes off. Sign the raw body with the app's notification secret and check the clock.",
      { cause },
    );
  if (!app?.ciphertext) throw invalid();
  const secret = dependencies.secrets.open(app.ciphertext);
  try {
    new Webhook(secret).verify(text, Object.fromEntries(headers));
  } catch (cause) {
    throw invalid(cause);
  }
  return { id: app.id, slug };
}
