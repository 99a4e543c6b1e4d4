/**
 * As much of a browser as the story needs: cookies, redirects that are looked at one by one, forms.
 * Everything goes over HTTP, through the routes that a person or a program would use.
 */
export class Browser {
  readonly origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.origin = origin;
  }

  async fetch(
    url: string,
    init: { method?: string; json?: unknown; form?: URLSearchParams } = {},
  ): Promise<Response> {
    const target = new URL(url, this.origin);
    const own = target.origin === new URL(this.origin).origin;
    const headers = new Headers();
    if (own) {
      headers.set("origin", this.origin);
      headers.set("cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    if (init.json !== undefined) headers.set("content-type", "application/json");
    const body = init.json !== undefined ? JSON.stringify(init.json) : init.form;
    const response = await fetch(target, {
      method: init.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
    if (own) for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  #keep(cookie: string): void {
    const [pair = ""] = cookie.split(";");
    const separator = pair.indexOf("=");
    this.#cookies.set(pair.slice(0, separator), pair.slice(separator + 1));
  }

  /** One JSON call. @throws when the answer has another status than expected */
  async call<Answer>(
    method: string,
    path: string,
    json?: unknown,
    expected: readonly number[] = [200, 201],
  ): Promise<Answer> {
    const response = await this.fetch(path, json === undefined ? { method } : { method, json });
    const text = await response.text();
    if (!expected.includes(response.status))
      throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }
}
