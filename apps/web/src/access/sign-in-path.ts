import { withSearch } from "../http/search.ts";

/**
 * The page to sign in on, which leads back.
 *
 * @param page path of ours, with its search
 * @param ended somebody was signed in there, and is told why they must do so again
 */
export function signInPath(page: string, ended: boolean): string {
  return withSearch("/sign-in", {
    next: page === "/" ? undefined : page,
    ended: ended ? "1" : undefined,
  });
}
