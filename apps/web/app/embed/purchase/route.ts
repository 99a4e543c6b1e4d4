import { embedRoute } from "../../../src/access/embed-route.ts";
import { answerEmbed } from "../../../src/embed/answer-embed.ts";

/** The purchases of a ticket's customer, as a helpdesk frames it. An address only shows; what changes anything is sent. */
export const GET = embedRoute(({ fields: _, ...looking }) => answerEmbed(looking, {}));

/** The same, and the steps of asking for a refund. */
export const POST = embedRoute(({ fields, ...looking }) => answerEmbed(looking, fields));
