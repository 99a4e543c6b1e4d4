import { Browser } from "./browser.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: "admin" | "agent";
}

/** Ada runs the desk and decides; Sam works in support and asks. Passwords of a demo that only this machine reaches. */
export const ada: Person = {
  name: "Ada Admin",
  email: "ada@redress.example",
  password: "ada-runs-the-desk",
  role: "admin",
};
export const sam: Person = {
  name: "Sam Support",
  email: "sam@redress.example",
  password: "sam-asks-for-refunds",
  role: "agent",
};

export async function signIn(origin: string, { email, password }: Person): Promise<Browser> {
  const browser = new Browser(origin);
  await browser.call("POST", "/api/auth/sign-in/email", { email, password });
  return browser;
}

/** The first visit makes Ada the admin; she then gives Sam an account that may ask, not decide. */
export async function hirePeople(origin: string): Promise<{ admin: Browser; support: Browser }> {
  await new Browser(origin).call("POST", "/api/setup", {
    name: ada.name,
    email: ada.email,
    password: ada.password,
  });
  const admin = await signIn(origin, ada);
  await admin.call("POST", "/api/v1/operators", sam);
  return { admin, support: await signIn(origin, sam) };
}
