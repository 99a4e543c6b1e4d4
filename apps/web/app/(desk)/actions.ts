"use server";

import { cookies } from "next/headers";
import { z } from "zod";
import { ownAction } from "../../src/access/action.ts";
import { chosenAppsCookie, writeChosenApps } from "../../src/access/chosen-apps.ts";

const appField = /^app:(app_\w{1,40})$/;

/** Which apps the lists show in this browser; nothing ticked, or all of them, is all. */
export const chooseApps = ownAction(z.record(z.string(), z.unknown()), async ({ input }) => {
  const ids = Object.keys(input).flatMap((name) => appField.exec(name)?.[1] ?? []);
  const jar = await cookies();
  if (input.all === "yes" || ids.length === 0) jar.delete(chosenAppsCookie);
  else {
    const year = 365 * 24 * 60 * 60;
    jar.set(chosenAppsCookie, writeChosenApps(ids), {
      maxAge: year,
      httpOnly: true,
      sameSite: "lax",
      path: "/",
    });
  }
});
