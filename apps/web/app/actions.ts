"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { publicAction } from "../src/access/action.ts";
import { signOut } from "../src/auth/sign-in.ts";
import { themeCookie, themes } from "../src/theme.ts";

/** Light, dark, or as the system has it: kept in a cookie, so that pages come in the right one at once. */
export const chooseTheme = publicAction(
  "changes nothing but a cookie of the browser that asks",
  z.object({ theme: z.enum(themes) }),
  async ({ input }) => {
    const jar = await cookies();
    const year = 365 * 24 * 60 * 60;
    jar.set(themeCookie, input.theme, { maxAge: year, sameSite: "lax", path: "/" });
  },
);

export const leave = publicAction(
  "ends the session of whoever asks, and only that",
  z.object({}),
  async () => {
    await signOut();
    redirect("/sign-in");
  },
);
