/** What helps to find a fault and is no secret. Of all others the log has the name only. */
const shown = new Set([
  "content-type",
  "content-length",
  "user-agent",
  "webhook-id",
  "webhook-timestamp",
  "retry-after",
  "location",
  "allow",
  "server",
  "date",
  "x-request-id",
  "request-id",
  "cf-ray",
  "x-vercel-id",
]);
const mostHeaders = 40;
const longestValue = 300;

/** Headers as the log of deliveries keeps them: signatures, cookies and whatever else may be a secret are hidden. */
export function loggedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .slice(0, mostHeaders)
      .map(([name, value]) => [
        name.slice(0, longestValue),
        shown.has(name) ? value.slice(0, longestValue) : "[hidden]",
      ]),
  );
}
