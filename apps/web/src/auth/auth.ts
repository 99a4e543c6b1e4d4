import { operatorCredentials, operatorSessions, operators, operatorVerifications } from "@redress/database";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { clientAddressHeader } from "../http/client-address.ts";
import { getRuntime, type WebRuntime } from "../runtime.ts";

/** Shortest password we take. NIST SP 800-63B: length is what counts. */
export const minimumPasswordLength = 12;

/** A session ends after a working day; it is not prolonged, so that a forgotten browser signs out. */
const sessionSeconds = 12 * 60 * 60;

/** Of the names of its cookies. */
export const cookiePrefix = "redress";

function createAuth({ dependencies, secret }: WebRuntime) {
  const { publicUrl } = dependencies.settings;
  return betterAuth({
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message) =>
        dependencies.logger[level === "error" ? "error" : "warn"]({ part: "sign-in" }, message),
    },
    database: drizzleAdapter(dependencies.database, {
      provider: "pg",
      schema: {
        user: operators,
        session: operatorSessions,
        account: operatorCredentials,
        verification: operatorVerifications,
      },
    }),
    // Operators are made by `createOperator` only: there is no open sign-up, not even for the first.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: minimumPasswordLength },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: { "/sign-in/email": { window: 60, max: 20 } },
    },
    advanced: {
      cookiePrefix,
      useSecureCookies: publicUrl.startsWith("https://"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
  });
}

type Auth = ReturnType<typeof createAuth>;
const instances = new WeakMap<WebRuntime, Auth>();

/** better-auth over our tables: one instance for each running desk. */
export function getAuth(runtime: WebRuntime = getRuntime()): Auth {
  let auth = instances.get(runtime);
  if (!auth) {
    auth = createAuth(runtime);
    instances.set(runtime, auth);
  }
  return auth;
}
