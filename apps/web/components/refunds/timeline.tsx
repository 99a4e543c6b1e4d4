import type {
  ActorView,
  RefundAttemptView,
  RefundDetail,
  RefundHistoryEntry,
  RefundNotificationView,
} from "@redress/core/refunds/refund-view";
import { BellRing, CircleDot, type LucideIcon, Send } from "lucide-react";
import type { ReactNode } from "react";
import { z } from "zod";
import { CopyText } from "../copy-text.tsx";
import { ExactTime } from "../when.tsx";
import { actionLooks } from "./action-looks.ts";
import { attemptLook } from "./attempt-look.ts";
import type { Tone } from "./status.ts";
import { toneClasses } from "./tone-classes.ts";

interface Moment {
  readonly key: string;
  readonly at: Date;
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly title: string;
  readonly by: string | null;
  readonly more: ReactNode;
}

/** What happened, in order: decisions, calls to Stripe, Stripe's words, and what the app was told. */
export function Timeline({ refund }: { refund: RefundDetail }) {
  const moments = [
    ...refund.history.map((entry, index) => fromHistory(entry, index, refund)),
    ...refund.attempts.map(fromAttempt),
    ...refund.notifications.flatMap(fromNotification),
  ].sort((one, other) => one.at.getTime() - other.at.getTime());
  return (
    <ol className="px-4 py-3">
      {moments.map(({ key, at, icon: Icon, tone, title, by, more }) => (
        <li key={key} className="group relative flex gap-3 pb-4 last:pb-1">
          <span aria-hidden className="absolute top-7 bottom-0 left-3 w-px bg-line group-last:hidden" />
          <span
            aria-hidden
            className={`z-0 grid size-6 shrink-0 place-items-center rounded-full ${toneClasses[tone]}`}
          >
            <Icon className="size-3.5" />
          </span>
          <div className="min-w-0 flex-1 pt-0.5 text-sm">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3">
              <p>
                <span className="font-medium">{title}</span>
                {by && <span className="text-ink-soft"> · {by}</span>}
              </p>
              <ExactTime at={at} className="numeric text-xs whitespace-nowrap text-ink-faint" />
            </div>
            {more}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Who acted, for people. */
export function actorName({ kind, id, name }: ActorView): string {
  if (kind === "portal_link") return `${name ?? "a developer"} (link)`;
  if (name) return name;
  if (kind === "stripe") return "Stripe";
  if (kind === "policy") return "the app’s policy";
  if (kind === "app") return "the app";
  if (kind === "system") return "Redress";
  return id;
}

const confirmation = z.object({ source: z.string().catch(""), status: z.string().catch("") });
const sources: Readonly<Record<string, string>> = {
  stripe_api: "in its answer",
  stripe_webhook: "by webhook",
  reconciliation: "when asked again",
  import: "at import",
};

function fromHistory(entry: RefundHistoryEntry, index: number, refund: RefundDetail): Moment {
  const { icon, tone, title } = actionLooks[entry.action] ?? {
    icon: CircleDot,
    tone: "quiet",
    title: entry.action.replaceAll("_", " "),
  };
  const base = {
    key: `history-${index}`,
    at: entry.at,
    icon,
    tone,
    title,
    by: actorName(entry.actor),
    more: null,
  };
  if (entry.action === "approval_awaited") return { ...base, by: null };
  if (entry.action === "refund_endorsed") {
    const given = refund.endorsements.find(
      ({ by, at }) => by.id === entry.actor.id && at.getTime() === entry.at.getTime(),
    );
    return { ...base, more: <Quote text={given?.note ?? null} /> };
  }
  if (entry.action === "refund_commented") {
    const said = refund.comments.find(({ id }) => id === entry.details.commentId);
    return { ...base, more: <Quote text={said ? (said.text ?? "Erased") : null} /> };
  }
  if (entry.action === "refund_requested") return { ...base, more: <Quote text={refund.note} /> };
  if (entry.action === "refund_approved" || entry.action === "refund_rejected") {
    const own = entry.action === "refund_approved" && entry.details.selfApproved === true;
    const more = <Quote text={refund.approval?.note ?? null} />;
    return { ...base, ...(own ? { title: "Approved own request" } : {}), more };
  }
  if (entry.action === "access_changed") {
    const title = accessOrders[accessAfter.parse(entry.after).access];
    return title ? { ...base, title } : base;
  }
  if (entry.action === "notification_done") return { ...base, ...fromAnswer(entry, refund), by: null };
  if (entry.action === "customer_mail_queued") {
    const title = customerTold[mailDetails.parse(entry.details).kind];
    return { ...base, ...(title ? { title } : {}), by: null };
  }
  if (entry.action === "refund_confirmed") {
    const { source, status } = confirmation.parse(entry.details);
    return { ...base, title: `Stripe says ${status.replaceAll("_", " ")}`, by: sources[source] ?? source };
  }
  return base;
}

const mailDetails = z.object({ kind: z.string().catch("") });
const customerTold: Readonly<Record<string, string>> = {
  started: "Customer written to: the refund is on its way",
  succeeded: "Customer written to: refunded",
  failed: "Customer written to: it failed",
};

const accessAfter = z.object({ access: z.string().catch("") }).catch({ access: "" });
const accessOrders: Readonly<Record<string, string>> = {
  revoke_told: "App is to revoke access",
  restore_told: "App is to give access back",
};

/** Entries of earlier releases hold the reason themselves. */
const accessAnswer = z
  .object({ notificationId: z.string().catch(""), reason: z.string().nullable().catch(null) })
  .catch({ notificationId: "", reason: null });
const answered = { revoke: "access revoked", restore: "access given back", keep: "noted" } as const;
const declined = {
  revoke: "access is not revoked",
  restore: "access is not given back",
  keep: "declined",
} as const;

/** What the app said that it made of a notification. */
function fromAnswer(entry: RefundHistoryEntry, refund: RefundDetail): Partial<Moment> {
  const { notificationId, reason } = accessAnswer.parse(entry.details);
  const told = refund.notifications.find(({ id }) => id === notificationId);
  const access = told?.access ?? "keep";
  if (entry.after?.status !== "declined") return { title: `App says: ${answered[access]}` };
  return {
    title: `App says: ${declined[access]}`,
    tone: "bad",
    more: <Quote text={told?.answer ?? reason} />,
  };
}

function fromAttempt(attempt: RefundAttemptView): Moment {
  const { tone, words } = attemptLook(attempt);
  const asked = attempt.kind === "create" ? "Stripe asked to refund" : "Stripe asked whether it exists";
  const duration = attempt.finishedAt ? attempt.finishedAt.getTime() - attempt.startedAt.getTime() : null;
  return {
    key: `attempt-${attempt.number}`,
    at: attempt.startedAt,
    icon: Send,
    tone,
    title: `${asked}: ${words}`,
    by: attempt.replayed ? "Stripe repeated its stored answer" : null,
    more: (
      <Facts
        facts={[
          `try ${attempt.number}`,
          attempt.httpStatus ? `HTTP ${attempt.httpStatus}` : null,
          duration === null ? null : `${duration} ms`,
          attempt.errorCode,
        ]}
        sentence={attempt.errorMessage}
        id={attempt.stripeRequestId}
      />
    ),
  };
}

function fromNotification(notification: RefundNotificationView): Moment[] {
  const told =
    notification.type === "refund.succeeded" ? "App told of the refund" : "App told that it failed";
  return notification.deliveries.map((delivery) => {
    const taken = delivery.httpStatus !== null && delivery.httpStatus >= 200 && delivery.httpStatus < 300;
    return {
      key: delivery.id,
      at: delivery.startedAt,
      icon: BellRing,
      tone: taken ? "good" : delivery.finishedAt ? "waiting" : "quiet",
      title: taken ? told : `${told}: not taken`,
      by: null,
      more: (
        <Facts
          facts={[
            `try ${delivery.number}`,
            notification.access === "keep" ? "access stays" : `access: ${notification.access}`,
            delivery.httpStatus ? `HTTP ${delivery.httpStatus}` : null,
            delivery.errorCode?.replaceAll("_", " ") ?? null,
          ]}
          sentence={null}
          id={notification.id}
        />
      ),
    };
  });
}

function Facts({
  facts,
  sentence,
  id,
}: {
  facts: readonly (string | null)[];
  sentence: string | null;
  id: string | null;
}) {
  return (
    <div className="mt-0.5 text-xs text-ink-faint">
      <p className="numeric flex flex-wrap items-center gap-x-2">
        {facts.filter((fact) => fact !== null).join(" · ")}
        {id && <CopyText text={id} label="id" />}
      </p>
      {sentence && <p className="text-ink-soft [overflow-wrap:anywhere]">{sentence}</p>}
    </div>
  );
}

function Quote({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <p className="mt-1 border-l-2 border-line-strong pl-3 whitespace-pre-wrap text-ink-soft [overflow-wrap:anywhere]">
      {text}
    </p>
  );
}
