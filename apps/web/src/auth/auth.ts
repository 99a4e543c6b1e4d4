import { authSecrets } from "@redress/core/secrets/sign-in-seals";
import {
  operatorCredentials,
  operatorSecondFactors,
  operatorSessions,
  operators,
  operatorVerifications,
  signInLimits,
} from "@redress/database";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError } from "better-auth/api";
import { twoFactor } from "better-auth/plugins/two-factor";
import { clientAddressHeader } from "../http/client-address.ts";
import { getRuntime, type WebRuntime } from "../runtime.ts";
import { cookiePrefix } from "./cookie-prefix.ts";
import { isDeactivated, mailPasswordReset, notePasswordReset } from "./password-reset.ts";

/** Shortest password we take. NIST SP 800-63B: length is what counts. */
export const minimumPasswordLength = 12;

/** A session ends after a working day; it is not prolonged, so that a forgotten browser signs out. */
const sessionSeconds = 12 * 60 * 60;

/** A link that resets a password works for an hour. */
const resetSeconds = 60 * 60;

function createAuth({ dependencies, ...given }: WebRuntime) {
  const { publicUrl } = dependencies.settings;
  return betterAuth({
    baseURL: publicUrl,
    basePath: "/api/auth",
    ...authSecrets(given),
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
        twoFactor: operatorSecondFactors,
        rateLimit: signInLimits,
      },
    }),
    // Operators are made by `createOperator` only: there is no open sign-up, not even for the first.
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: minimumPasswordLength,
      resetPasswordTokenExpiresIn: resetSeconds,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => mailPasswordReset(dependencies, { user, token }),
      onPasswordReset: ({ user }) => notePasswordReset(dependencies, user.id),
    },
    // Links that reset a password are kept as hashes.
    verification: { storeIdentifier: "hashed" },
    appName: "Redress",
    plugins: [
      // Ten wrong codes in a row, over all attempts, lock the second factor for a quarter of an hour: whoever gets
      // that far knows the password, so strangers cannot lock anybody out.
      twoFactor({ twoFactorCookieMaxAge: 600, backupCodeOptions: { storeBackupCodes: "encrypted" } }),
    ],
    databaseHooks: {
      session: {
        create: {
          // However somebody comes in: who was shut out stays out, and is told what a wrong password is told.
          before: async ({ userId }) => {
            if (await isDeactivated(dependencies, userId)) {
              throw new APIError("UNAUTHORIZED", { code: "INVALID_EMAIL_OR_PASSWORD" });
            }
          },
        },
      },
    },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      // Several processes share it.
      storage: "database",
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/two-factor/*": { window: 60, max: 20 },
        "/request-password-reset": { window: 60, max: 5 },
        "/reset-password": { window: 60, max: 10 },
      },
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
