import type { Client } from "./client.ts";

/** Fills in the form that has a field of the first name, as a browser without JavaScript, to be sent. */
export async function fillIn(client: Client, deskUrl: string, path: string, fields: Record<string, string>) {
  const page = await client.get(path);
  const forms = page.text.match(/<form\b.*?<\/form>/gs) ?? [];
  const form = forms.find((html) => html.includes(`name="${Object.keys(fields)[0]}"`)) ?? "";
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g)];
  const decoded = (text = "") => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  const sent = new Map(hidden.map(([, name = "", value]) => [decoded(name), decoded(value)]));
  for (const [name, value] of Object.entries(fields)) sent.set(name, value);
  const parts = [...sent].map(
    ([name, value]) => `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const headers = { "content-type": "multipart/form-data; boundary=edge", referer: deskUrl + path };
  return { page, send: () => client.send("POST", path, `${parts.join("")}--edge--\r\n`, { headers }) };
}
