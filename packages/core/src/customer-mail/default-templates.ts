import type { CustomerMailKind } from "@redress/database";
import type { Template } from "./template.ts";

const signature = ["", "Reference: {{reference}}", "", "{{app}}"];
const greeting = ["Hello {{customer_name|there}},", ""];

/** The words of an app that has none of its own. */
export const defaultTemplates: Readonly<Record<CustomerMailKind, Template>> = {
  started: {
    subject: "Your refund from {{app}} is on its way",
    body: [
      ...greeting,
      "we have started your refund of {{amount}} for {{product|your purchase}}. You need not do anything.",
      ...signature,
    ].join("\n"),
  },
  succeeded: {
    subject: "Your refund from {{app}}: {{amount}}",
    body: [
      ...greeting,
      "we have refunded {{amount}} for {{product|your purchase}} to the payment method you paid with. Banks usually take 5 to 10 days to show it.",
      ...signature,
    ].join("\n"),
  },
  failed: {
    subject: "Your refund from {{app}} could not be paid out",
    body: [
      ...greeting,
      "your refund of {{amount}} for {{product|your purchase}} did not go through: the money came back to us. Please get in touch with us, so that we find another way.",
      ...signature,
    ].join("\n"),
  },
};
