import { z } from "zod";
import type { Client } from "./client.ts";
import type { startDesk } from "./desk.ts";

type Desk = Awaited<ReturnType<typeof startDesk>>;

const madeLink = z.object({ link: z.object({ id: z.string() }), url: z.url() });

/** Has somebody make a link for an app's developer. */
export async function makeLink(maker: Client, slug: string, expiresIn = "1d") {
  const body = { name: "Ada of the shop", expiresIn };
  const { link, url } = (await maker.post(`/api/v1/apps/${slug}/portal-links`, body)).as(madeLink);
  const token = new URL(url).searchParams.get("token") ?? "";
  return { id: link.id, url, token };
}

/** Sends the form that opens a link, as a browser does. */
export function enter(client: Client, token: string, headers: Record<string, string> = {}) {
  return client.send("POST", "/portal/enter", new URLSearchParams({ token }).toString(), {
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
}

/** A developer's browser that has opened a link to the app. */
export async function openLink(desk: Pick<Desk, "client">, maker: Client, slug: string): Promise<Client> {
  const { token } = await makeLink(maker, slug);
  const developer = desk.client();
  const opened = await enter(developer, token);
  if (!opened.headers.get("location")?.endsWith("/portal")) throw new Error("the link was not opened");
  return developer;
}
