import { unstable_rethrow } from "next/navigation";
import { useActionState, useCallback, useEffect, useRef, useState } from "react";
import type { FormAction, FormState } from "../src/access/action.ts";

const code = "connection_lost";
/** Of a form whose request has a key: the same one again is the same request. */
const lostWithKey =
  "The desk did not answer, so what you sent may have arrived or not. Send it again, or reload the page and look: the same request is never carried out twice.";
const lost =
  "The desk did not answer, so what you sent may have been done or not. Open this page anew in another tab and look before you send it once more.";

/**
 * `useActionState` for a form of the desk, which says so when no answer comes: the page stays as it is, with what was
 * typed. Without JavaScript, and until the page has come to life, the form sends the action itself.
 *
 * @returns `form` belongs to the form as its ref: React puts a form that was sent back to what it first was, choices too,
 *   and one that was refused keeps what was chosen
 */
export function useFormAction<Result>(action: FormAction<Result>) {
  const [isAlive, setAlive] = useState(false);
  const wasRefused = useRef(false);
  useEffect(() => setAlive(true), []);
  const form = useCallback((element: HTMLFormElement) => {
    const keep = (event: Event) => {
      if (wasRefused.current) event.preventDefault();
    };
    element.addEventListener("reset", keep);
    return () => element.removeEventListener("reset", keep);
  }, []);
  const answered: FormAction<Result> = async (previous, sent): Promise<FormState<Result>> => {
    try {
      const next = await action(previous, sent);
      wasRefused.current = next.error !== undefined;
      return next;
    } catch (error) {
      unstable_rethrow(error);
      wasRefused.current = true;
      // What was reviewed before stays, so that it can be sent again as it was.
      return {
        ...previous,
        error: { code, message: sent.has("requestKey") ? lostWithKey : lost },
        values: textOf(sent),
      };
    }
  };
  const [state, send] = useActionState(isAlive ? answered : action, {});
  return { state, send, form };
}

function textOf(form: FormData): Record<string, string> {
  return Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      typeof value === "string" && !/password|code|token|secret/i.test(name) ? [[name, value]] : [],
    ),
  );
}
