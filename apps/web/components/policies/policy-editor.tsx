"use client";

import { PencilLine } from "lucide-react";
import { useState } from "react";
import { changeAppPolicy, changeDeskPolicy } from "../../app/(desk)/settings/policies/actions.ts";
import type { FormAction, FormState } from "../../src/access/action.ts";
import { FormError } from "../form-error.tsx";
import type { AppChoice } from "../people/role-fields.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Select, Textarea } from "../ui/field.tsx";
import { useFormAction } from "../use-form-action.ts";
import { problemsOf } from "./draft-problems.ts";
import { DryRunTable } from "./dry-run-table.tsx";
import { JsonSwitch } from "./json-switch.tsx";
import { PolicyCards } from "./policy-cards.tsx";
import type { Policy, PolicyDraft } from "./policy-draft.ts";
import type { PolicyOutcome } from "./policy-outcome.ts";
import { documentOf, draftOf } from "./write-draft.ts";

interface PolicyEditorProps {
  title: string;
  /** What is in force, to start from. */
  policy: Policy;
  /** The version that the author has read. */
  seenVersion: number;
  /** Null: the desk's own, tried on the requests of one of `apps`. */
  app: AppChoice | null;
  apps: readonly AppChoice[];
}

/**
 * A draft of a policy: tried on past requests, then put in force. The form sends one field, the policy as JSON, which
 * the cards write; they stand outside of it, since a form that was sent puts choices back to what they were at
 * first. Without scripts the field is what is edited.
 */
export function PolicyEditor({ title, policy, seenVersion, app, apps }: PolicyEditorProps) {
  const action: FormAction<PolicyOutcome> = app === null ? changeDeskPolicy : changeAppPolicy;
  const { state, send, form } = useFormAction(action);
  const { values, result } = state;
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(policy));
  // Null: the cards say what is sent. What was sent without scripts stays as it was typed.
  const [json, setJson] = useState<string | null>(() => values?.policy ?? null);
  const seen = useSeenVersion(state, seenVersion);
  const text = json ?? JSON.stringify(documentOf(draft), null, 2);
  const isSent = state.error !== undefined || result !== undefined;
  return (
    <details open={isSent} className="rounded-lg border border-dashed border-line-strong">
      <summary className="flex list-none items-center gap-2 px-4 py-3 text-sm font-medium text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <PencilLine aria-hidden className="size-4" /> {title}
      </summary>
      <div className="grid gap-4 p-4 pt-1">
        {json === null && (
          <PolicyCards draft={draft} problems={problemsOf(state.error)} onChange={setDraft} />
        )}
        <form ref={form} action={send} className="grid gap-4">
          <div className={json === null ? "hidden noscript:block" : "block"}>
            <JsonField text={text} onChange={setJson} />
          </div>
          <JsonSwitch
            text={text}
            isJson={json !== null}
            onJson={() => setJson(text)}
            onCards={(read) => {
              setDraft(read);
              setJson(null);
            }}
          />
          <input type="hidden" name="seenVersion" value={seen} />
          <FormError error={state.error} />
          <Outcome result={result} />
          <div className="flex flex-wrap items-end justify-end gap-3 border-t border-line pt-4">
            {app === null ? (
              <TryOn apps={apps} chosen={result?.step === "tried" ? result.app : values?.app} />
            ) : (
              <input type="hidden" name="app" value={app.slug} />
            )}
            {(app !== null || apps.length > 0) && (
              <SubmitButton name="step" value="try">
                Try on past requests
              </SubmitButton>
            )}
            <SubmitButton name="step" value="save" look="primary">
              Put in force
            </SubmitButton>
          </div>
        </form>
      </div>
    </details>
  );
}

/**
 * The version that the author has read: the page's when it was opened, then what they put in force. Not what is in
 * force at each drawing, or a refused draft would write over what a colleague did the second time.
 */
function useSeenVersion({ values, result }: FormState<PolicyOutcome>, opened: number): number {
  const [seen, setSeen] = useState(() => Number(values?.seenVersion ?? opened));
  const saved = result?.step === "saved" ? result.version : null;
  const [taken, setTaken] = useState<number | null>(null);
  if (saved !== null && saved !== taken) {
    setTaken(saved);
    setSeen(saved);
  }
  return seen;
}

function JsonField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  return (
    <Field id="policy-json" label="The policy as JSON" hint="docs/policy.md describes it.">
      <Textarea
        id="policy-json"
        name="policy"
        rows={16}
        spellCheck={false}
        aria-describedby="policy-json-hint"
        className="font-mono text-sm"
        value={text}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  );
}

function Outcome({ result }: { result: PolicyOutcome | undefined }) {
  if (result === undefined) return null;
  if (result.step === "tried") return <DryRunTable tried={result} />;
  return (
    <Banner tone="good" title={`Version ${result.version} is in force.`}>
      What was let out and is not sent yet is judged by it.
    </Banner>
  );
}

function TryOn({ apps, chosen }: { apps: readonly AppChoice[]; chosen: string | undefined }) {
  if (apps.length === 0) return null;
  return (
    <div className="mr-auto">
      <Field id="policy-app" label="Try on requests of">
        <Select id="policy-app" name="app" key={chosen} defaultValue={chosen ?? apps[0]?.slug}>
          {apps.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}
