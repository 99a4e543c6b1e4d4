import type { DeliveryAttempt } from "@redress/core/notifications/get-delivery";
import { Card, CardTitle, Properties, Property } from "../ui/card.tsx";
import { ExactTime } from "../when.tsx";
import { outcomeName } from "./message-name.ts";

/** One attempt to send a message: where to, what came back, and how long it took. */
export function AttemptCard({ attempt }: { attempt: DeliveryAttempt }) {
  const { startedAt, finishedAt } = attempt;
  return (
    <Card>
      <CardTitle
        aside={
          <span className="text-xs text-ink-faint">
            <ExactTime at={startedAt} className="numeric" />
          </span>
        }
      >
        Attempt {attempt.number}: {outcomeName(attempt)}
      </CardTitle>
      {attempt.errorMessage && <p className="px-4 pt-3 text-sm">{attempt.errorMessage}</p>}
      <Properties>
        <Property name="Address">{attempt.url}</Property>
        <Property name="Took">
          {finishedAt ? `${finishedAt.getTime() - startedAt.getTime()} ms` : "not finished"}
        </Property>
        <Property name="Attempt id">
          <span className="font-mono text-xs">{attempt.id}</span>
        </Property>
      </Properties>
      <div className="grid gap-2 px-4 pt-1 pb-4">
        <Fold title="Headers sent" text={headerLines(attempt.requestHeaders)} />
        <Fold title="Headers of the answer" text={headerLines(attempt.responseHeaders)} />
        <Fold title="Answer" text={attempt.responseBody ?? ""} open />
      </div>
    </Card>
  );
}

function Fold({ title, text, open = false }: { title: string; text: string; open?: boolean }) {
  if (text === "") return null;
  return (
    <details open={open}>
      <summary className="cursor-pointer text-xs text-ink-soft hover:text-ink">{title}</summary>
      <Text text={text} />
    </details>
  );
}

/** What a machine wrote, as it wrote it. */
export function Text({ text }: { text: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys too (WCAG 2.1.1)
      tabIndex={0}
      className="mt-1.5 max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs [overflow-wrap:anywhere] whitespace-pre-wrap"
    >
      {text}
    </pre>
  );
}

function headerLines(headers: DeliveryAttempt["requestHeaders"]): string {
  return Object.entries(headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
