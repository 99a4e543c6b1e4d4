import { publicRoute } from "../../../../src/access/route.ts";
import { getAuth } from "../../../../src/auth/auth.ts";

const handle = publicRoute(
  "better-auth guards its own endpoints: sign-up is closed, attempts are limited, origins are checked",
  ({ request }) => getAuth().handler(request),
);

export { handle as GET, handle as POST };
