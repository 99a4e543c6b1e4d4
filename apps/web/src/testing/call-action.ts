import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Client } from "./client.ts";

const manifestFile = new URL("../../.next/server/server-reference-manifest.json", import.meta.url);
const manifestSchema = z.object({
  node: z.record(
    z.string(),
    z.looseObject({
      workers: z.record(z.string(), z.unknown()),
      exportedName: z.string().optional(),
      filename: z.string().optional(),
    }),
  ),
});

export interface BuiltAction {
  readonly id: string;
  /** Of a page that it can be sent to. */
  readonly pages: readonly string[];
}

/** Each server action of the built console, by its file and name, e.g. `(desk)/refunds/actions.ts decide`. */
export async function builtActions(): Promise<ReadonlyMap<string, BuiltAction>> {
  const { node } = manifestSchema.parse(JSON.parse(await readFile(manifestFile, "utf8")));
  return new Map(
    Object.entries(node).map(([id, { workers, exportedName, filename }]) => {
      const file = filename?.replace(/^.*?\bapp\//, "") ?? "";
      return [`${file} ${exportedName}`, { id, pages: Object.keys(workers) }];
    }),
  );
}

/**
 * Sends a server action as React does from a page: two arguments, the state of before and the form.
 *
 * @returns the code of the error that the form would show, also where the answer leads to the page that says so; else null
 */
export async function callAction(
  client: Client,
  { id }: BuiltAction,
  path: string,
  fields: Record<string, string>,
  init: { headers?: Record<string, string> } = {},
): Promise<{ status: number; code: string | null }> {
  const parts = [
    ...Object.entries(fields).map(([name, value]) => [`_1_${name}`, value]),
    ["0", JSON.stringify([{}, "$K1"])],
  ].map(([name, value]) => `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const headers = {
    ...init.headers,
    accept: "text/x-component",
    "next-action": id,
    "content-type": "multipart/form-data; boundary=edge",
  };
  const answer = await client.send("POST", path, `${parts.join("")}--edge--\r\n`, { headers });
  const away = answer.headers.get("x-action-redirect") ?? answer.headers.get("location") ?? "";
  if (/^\/sign-in\b/.test(away)) return { status: answer.status, code: "sign_in_required" };
  if (/^\/portal\/ended\b/.test(away)) return { status: answer.status, code: "portal_link_ended" };
  const [, code = null] = /"error":\{"code":"(\w+)"/.exec(answer.text) ?? [];
  return { status: answer.status, code };
}
