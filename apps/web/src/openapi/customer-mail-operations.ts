import { z } from "zod";
import type { Operations } from "./operation.ts";
import { text } from "./shapes.ts";

const words = z.object({
  wanted: z.boolean().describe("Whether it is sent."),
  subject: z.string(),
  body: z.string(),
  isDefault: z.object({ subject: z.boolean(), body: z.boolean() }).describe("The desk's own words."),
});

const customerMail = z
  .object({
    delivery: z
      .enum(["smtp", "log", "none"])
      .describe("How mail leaves this desk. `none`: nothing is sent, whatever is wanted."),
    locale: z.string().describe("How amounts and dates are written."),
    replyTo: text,
    placeholders: z
      .array(z.string())
      .describe("What a template can say, as `{{name}}` or `{{name|instead}}`."),
    started: words,
    succeeded: words,
    failed: words,
  })
  .meta({ id: "CustomerMail" });

/** What an app's customers are written to. */
export const customerMailOperations: Operations = {
  "GET /api/v1/apps/{slug}/customer-mail": {
    tag: "apps",
    summary: "What an app's customers are written to",
    answer: z.object({ customerMail }),
  },
  "PATCH /api/v1/apps/{slug}/customer-mail": {
    tag: "apps",
    summary: "Change what an app's customers are written to",
    description:
      "What is left out stays. `subject` or `body` of null: the desk's own words. An unknown placeholder is refused. It counts for what happens to refunds from now on.",
    answer: z.object({ customerMail }),
  },
  "POST /api/v1/apps/{slug}/customer-mail/preview": {
    tag: "apps",
    summary: "A draft as a customer would read it",
    description: "With made-up facts; nothing is kept or sent. What is left out is as it is now.",
    answer: z.object({ preview: z.object({ subject: z.string(), body: z.string() }) }),
  },
};
