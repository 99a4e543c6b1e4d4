import { z } from "zod";

/**
 * A path of this desk, never another site: what follows a sign-in must not lead away. Anything else becomes the first
 * page. Browsers take `//`, `/\` and a path with a line break or tab in it for another site's address.
 */
export const ownPath = z
  .string()
  .regex(/^\/(?![/\\])[^\s\\]*$/)
  .catch("/");
