import type { Dependencies } from "@redress/core/dependencies";
import { cache } from "react";
import type { Scope } from "../access/scope.ts";

/** The shell and its page show some of the same numbers: each is read once a request, whoever asks first. */
export function oncePerRequest<Answer>(
  read: (dependencies: Dependencies, scope: Scope) => Promise<Answer>,
): (dependencies: Dependencies, scope: Scope) => Promise<Answer> {
  const cached = cache((dependencies: Dependencies, isAll: boolean, ...appIds: string[]) =>
    read(dependencies, isAll ? "all" : appIds),
  );
  return (dependencies, scope) =>
    scope === "all" ? cached(dependencies, true) : cached(dependencies, false, ...scope);
}
