import { isRedressError } from "@redress/core/errors";
import { parseInput } from "@redress/core/parse-input";
import { openPortalLink } from "@redress/core/portal/open-link";
import { z } from "zod";
import { bindOrigin } from "../../../src/access/bind-origin.ts";
import { portalCookieLine, portalEnded, requireOwnForm } from "../../../src/access/portal-cookie.ts";
import { publicRoute, redirectTo } from "../../../src/access/route.ts";
import { readText } from "../../../src/http/read-json.ts";

const form = z.object({ token: z.string().min(1).max(200) });

/**
 * Opens a link in this browser. A plain form and no server action: the page before it names itself to nobody, and Next
 * takes no action from such a page without scripts. A click and no visit: whatever looks at links opens none.
 */
export const POST = publicRoute(
  "open only with a link for an app's developer, which works once",
  async ({ request, dependencies, correlationId }) => {
    requireOwnForm(request.headers, dependencies.settings.publicUrl);
    const sent = Object.fromEntries(new URLSearchParams(await readText(request)));
    const { token } = parseInput(form, sent);
    const bound = await bindOrigin(dependencies, request.headers);
    try {
      const opened = await openPortalLink(bound, { token, correlationId });
      const answer = redirectTo(dependencies, "/portal");
      answer.headers.append("Set-Cookie", portalCookieLine(dependencies, opened));
      return answer;
    } catch (error) {
      if (isRedressError(error)) return redirectTo(dependencies, portalEnded);
      throw error;
    }
  },
);
