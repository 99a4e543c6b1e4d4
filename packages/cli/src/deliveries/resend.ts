import { newId } from "@redress/core/ids";
import { resendNotification } from "@redress/core/notifications/resend";
import { countResendable, type ResendWindow, resendWindow } from "@redress/core/notifications/resend-window";
import type { Desk } from "../command.ts";
import { actor } from "../events/replay-one.ts";
import { checkingInput } from "../events/usage-of.ts";
import { counted } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** `deliveries resend <id>`. */
export async function resendOne(
  { dependencies, terminal }: Desk,
  notificationId: string,
  { json }: { json: boolean },
): Promise<number> {
  const correlationId = newId(dependencies.random, "correlation");
  await checkingInput(dependencies, () =>
    resendNotification(dependencies, { notificationId, actor, correlationId }),
  );
  terminal.out.write(json ? `${JSON.stringify({ resent: 1 })}\n` : `${notificationId} is sent again.\n`);
  return 0;
}

/** `deliveries resend --since … --until …`: counts, asks, and has the messages of the window sent again. */
export async function resendAll(
  { dependencies, terminal, stopping }: Desk,
  given: Omit<ResendWindow, "appIds">,
  { yes, json }: { yes: boolean; json: boolean },
): Promise<number> {
  const window = { ...given, appIds: "all" } as const;
  const { resendable } = await checkingInput(dependencies, () => countResendable(dependencies, { window }));
  terminal.err.write(`${counted(resendable, "message")} to be sent again.\n`);
  if (resendable > 0 && !yes && !(await isWanted(terminal))) {
    terminal.err.write("Nothing was sent.\n");
    return 1;
  }
  const correlationId = newId(dependencies.random, "correlation");
  let resent = 0;
  let done = false;
  // No more than were counted: one that fails anew meanwhile is not sent over and over.
  while (!done && resent < resendable && !stopping.aborted) {
    const step = await resendWindow(dependencies, { window, actor, correlationId });
    resent += step.resent;
    done = step.done;
  }
  terminal.out.write(
    json ? `${JSON.stringify({ resent })}\n` : `${counted(resent, "message")} sent again.\n`,
  );
  return stopping.aborted ? 130 : 0;
}

async function isWanted({ ask }: Desk["terminal"]): Promise<boolean> {
  if (!ask) throw new UsageError("Nobody can be asked here: add --yes to have them sent again.");
  return /^y(es)?$/i.test((await ask("Send them again? [y/N] ")).trim());
}
