import { unstable_rethrow } from "next/navigation";
import { useActionState, useEffect, useState } from "react";
import type { FormAction, FormState } from "../src/access/action.ts";

const lost = {
  code: "connection_lost",
  message:
    "The desk did not answer, so what you sent may have arrived or not. Send it again, or reload the page and look: the same request is never carried out twice.",
};

/**
 * `useActionState` for a form of the desk, which says so when no answer comes: the page stays as it is, with what was
 * typed. Without JavaScript, and until the page has come to life, the form sends the action itself.
 */
export function useFormAction<Result>(action: FormAction<Result>) {
  const [isAlive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  const answered: FormAction<Result> = async (previous, form): Promise<FormState<Result>> => {
    try {
      return await action(previous, form);
    } catch (error) {
      unstable_rethrow(error);
      // What was reviewed before stays, so that it can be sent again as it was.
      return { ...previous, error: lost, values: textOf(form) };
    }
  };
  return useActionState(isAlive ? answered : action, {});
}

function textOf(form: FormData): Record<string, string> {
  return Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      typeof value === "string" && !/password|code|token|secret/i.test(name) ? [[name, value]] : [],
    ),
  );
}
