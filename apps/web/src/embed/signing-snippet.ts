/** Node, for the helpdesk's own server. The page of settings shows it, docs/helpdesk.md has it, and a test runs it. */
export const signingSnippet = `import { createHmac, randomUUID } from "node:crypto";

/** The address of the panel for one look at a ticket; it works for five minutes. */
export function panelUrl({ desk, keyId, secret, customer, operator, ticket }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 300;
  const header = part({ alg: "HS256", typ: "JWT", kid: keyId });
  const claims = part({ email: customer, operator, ticket, jti: randomUUID(), exp });
  const signed = \`\${header}.\${claims}\`;
  const token = \`\${signed}.\${createHmac("sha256", secret).update(signed).digest("base64url")}\`;
  return \`\${desk}/embed/purchase?\${new URLSearchParams({ email: customer, token })}\`;
}
`;
