import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError } from "@redress/core/errors";
import { authorize, type Owner } from "@redress/core/operators/authorize";
import type { Permission } from "@redress/core/operators/permissions";
import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { isSetupOpen } from "../auth/setup.ts";
import { pathHeader } from "../path-header.ts";
import { getRuntime } from "../runtime.ts";
import { chosenAppsCookie, narrow, parseChosenApps } from "./chosen-apps.ts";
import { hadSession, readOperator, type SignedIn } from "./operator.ts";
import { type Scope, scopeOf } from "./scope.ts";
import { signInPath } from "./sign-in-path.ts";

/** Who looks at this page, read once a request. */
export const currentOperator = cache(async (): Promise<SignedIn | null> => {
  return readOperator(getRuntime(), await headers());
});

/** The signed-in operator; anybody else is sent to sign in, or on a new desk to set it up. */
export async function signedInOperator(): Promise<SignedIn> {
  const operator = await currentOperator();
  if (operator) return operator;
  if (await isSetupOpen(getRuntime().dependencies)) redirect("/setup");
  const incoming = await headers();
  redirect(signInPath(incoming.get(pathHeader) ?? "/", hadSession(incoming)));
}

export interface OpenPage {
  readonly dependencies: Dependencies;
  readonly operator: SignedIn;
  /** The apps in which the operator has this page's permission. */
  readonly scope: Scope;
  /** Of those, the ones that the reader has chosen to look at: for lists, never for what may be done. */
  readonly shown: Scope;
}

/**
 * Opens a page for whom the permission was granted: others see that they may not, and what belongs to
 * somebody else's app looks like what does not exist.
 */
export async function openPage(permission: Permission, owner: Owner<void> = "apps"): Promise<OpenPage> {
  const { dependencies } = getRuntime();
  const operator = await signedInOperator();
  try {
    await authorize(dependencies, operator.grants, { permission, owner }, undefined);
  } catch (error) {
    if (!isRedressError(error)) throw error;
    if (error.code === "permission_denied") redirect("/no-access");
    notFound();
  }
  const scope = scopeOf(operator.grants, permission);
  const chosen = parseChosenApps((await cookies()).get(chosenAppsCookie)?.value);
  return { dependencies, operator, scope, shown: narrow(scope, chosen) };
}
