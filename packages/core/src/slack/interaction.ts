import { z } from "zod";

const user = z.object({ id: z.string().min(1), team_id: z.string().optional() });
const team = z.object({ id: z.string().min(1) }).nullish();

const blockActions = z.object({
  type: z.literal("block_actions"),
  trigger_id: z.string(),
  user,
  team,
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string() }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});

const viewSubmission = z.object({
  type: z.literal("view_submission"),
  user,
  team,
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))),
    }),
  }),
});

/** A kind that we asked for nothing of, such as `view_closed`. */
const other = z.object({ type: z.string() }).transform(() => ({ type: "other" }) as const);

const interactionSchema = z.union([blockActions, viewSubmission, other]);

/** What Slack sends of a click or a form, as far as it is looked at (Slack: interaction payloads). */
export type Interaction = z.infer<typeof interactionSchema>;
export type BlockActions = z.infer<typeof blockActions>;
export type ViewSubmission = z.infer<typeof viewSubmission>;

/**
 * Reads the form-encoded body of an interaction.
 *
 * @returns null when it is none
 */
export function readInteraction(rawBody: string): Interaction | null {
  try {
    const payload: unknown = JSON.parse(new URLSearchParams(rawBody).get("payload") ?? "");
    return interactionSchema.safeParse(payload).data ?? null;
  } catch {
    return null;
  }
}

/** Who acts. A user of a shared channel belongs to another workspace than the one that it is in. */
export function slackUserOf({ user, team }: BlockActions | ViewSubmission): {
  teamId: string;
  userId: string;
} {
  return { teamId: user.team_id ?? team?.id ?? "", userId: user.id };
}
