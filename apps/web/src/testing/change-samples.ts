/**
 * What each route that changes something is sent by the test over all roles, where it reads a body. It has to fit the
 * route's schema: only then is the answer about who asks, and not about what they sent.
 */
export function bodySamples(ids: SampleIds): Readonly<Record<string, object>> {
  return {
    "POST /api/v1/apps": { slug: "new-app", name: "New app" },
    "PATCH /api/v1/apps/[slug]": { name: "This app" },
    "PATCH /api/v1/apps/[slug]/customer-mail": { failed: { wanted: false } },
    "POST /api/v1/apps/[slug]/customer-mail/preview": { kind: "failed" },
    "POST /api/v1/apps/[slug]/stop": { reason: "a test" },
    "PUT /api/v1/apps/[slug]/policy": { policy: { rules: [] } },
    "POST /api/v1/apps/[slug]/policy/dry-run": { policy: { rules: [] } },
    "POST /api/v1/apps/[slug]/events/pull": { since: "2026-01-01" },
    "PUT /api/v1/policy": { policy: { rules: [] } },
    "POST /api/v1/events/replay": { since: "2026-01-01", dryRun: true },
    "POST /api/v1/reconciliation": { app: ids.app },
    "POST /api/v1/bulk-refunds": { app: ids.app, rows: [{ purchase: ids.purchase }] },
    "POST /api/v1/bulk-refunds/[id]/approve": { listHash: "none" },
    "POST /api/v1/bulk-refunds/[id]/reject": { listHash: "none", note: "a test" },
    "POST /api/v1/refunds": { purchaseId: ids.purchase, amount: 100, currency: "usd" },
    "POST /api/v1/refunds/[id]/approve": {},
    "POST /api/v1/refunds/[id]/reject": { note: "a test" },
    "POST /api/v1/deliveries/resend": { since: "2026-01-01", dryRun: true },
    "POST /api/v1/apps/[slug]/notification-secret": {},
    "POST /api/v1/apps/[slug]/portal-links": { name: "a test", expiresIn: "1h" },
    "POST /api/v1/refunds/[id]/supersede": {},
    "POST /api/v1/refunds/[id]/withdraw": {},
    "POST /api/v1/refunds/[id]/comments": { text: "a test" },
    "POST /api/v1/embed-keys": { name: "a test", origins: ["https://help.example.com"] },
    "POST /api/v1/embed-keys/[id]/rotate": {},
    "POST /api/v1/keys": { name: "a test" },
    "POST /api/v1/keys/[id]/rotate": {},
    "POST /api/v1/keys/[id]/webhook": { url: null },
    "POST /api/v1/operators": {
      name: "New",
      email: "new@example.com",
      password: "a password for tests only",
      role: "viewer",
    },
    "POST /api/stripe/connect/disconnect": { appSlug: ids.app },
  };
}

/** What the samples are about. */
export interface SampleIds {
  /** A slug. */
  readonly app: string;
  readonly purchase: string;
  readonly refund: string;
  readonly bulkRefund: string;
  readonly event: string;
  readonly proposal: string;
  readonly notification: string;
  /** Who asks. */
  readonly operator: string;
}

/** The fields of each server action of the desk, by the name in docs/access.md; where none is named, none are sent. */
export function fieldSamples(ids: SampleIds): Readonly<Record<string, Record<string, string>>> {
  const { app, refund } = ids;
  const slug = app;
  const nobody = { operatorId: "opr_nobody" };
  const none = { invitationId: "inv_none" };
  const draft = { app, step: "try", policy: '{"rules":[]}', seenVersion: "0" };
  const settings = { name: "This app", contactEmail: "", websiteUrl: "", notificationUrl: "" };
  const person = { name: "New", email: "new@example.com", password: "a password for tests only" };
  const role = { role: "viewer", appSlug: "" };
  const key = { keyId: "key_none" };
  return {
    "approvals/actions.ts approveTogether": { [`refund:${refund}`]: "on" },
    "deliveries/actions.ts resendDelivery": { notificationId: ids.notification },
    "deliveries/actions.ts resendDeliveries": {
      ...{ step: "count", app, state: "dead", since: "2026-01-01", until: "" },
    },
    "events/actions.ts replay": { eventId: ids.event },
    "purchases/actions.ts askForRefund": {
      purchaseId: ids.purchase,
      step: "review",
      amount: "1.00",
      reason: "duplicate",
      note: "",
    },
    "purchases/proposal-actions.ts decideProposal": { proposalId: ids.proposal, decision: "dismiss" },
    "reconciliation/actions.ts compare": { app },
    "bulk-refunds/actions.ts ask": { app, csv: `purchase\n${ids.purchase}` },
    "bulk-refunds/actions.ts decideList": {
      ...{ bulkRefundId: ids.bulkRefund, listHash: "none", decision: "reject", note: "a test" },
    },
    "bulk-refunds/actions.ts steerList": { bulkRefundId: ids.bulkRefund, step: "pause" },
    "bulk-refunds/actions.ts withdrawList": { bulkRefundId: ids.bulkRefund },
    "refunds/actions.ts attribute": { refundId: refund, stripeRefundId: "re_none", ours: "no" },
    "refunds/actions.ts comment": { refundId: refund, text: "a test" },
    "refunds/actions.ts decide": { refundId: refund, decision: "reject", back: "queue", note: "a test" },
    "refunds/actions.ts resend": { refundId: refund, notificationId: "ntf_none" },
    "refunds/actions.ts supersede": { refundId: refund },
    "refunds/actions.ts takeBack": { refundId: refund },
    "refunds/actions.ts withdraw": { refundId: refund },
    "settings/integrations/actions.ts addApp": { ...settings, slug: "new-app" },
    "settings/integrations/actions.ts changeApp": { ...settings, slug },
    "settings/integrations/actions.ts disconnect": { slug },
    "settings/integrations/actions.ts importHistory": { slug },
    "settings/integrations/actions.ts ping": { slug },
    "settings/integrations/actions.ts release": { slug },
    "settings/integrations/actions.ts rotateSecret": { slug },
    "settings/integrations/actions.ts stop": { slug, reason: "a test" },
    "settings/integrations/actions.ts testRefund": { slug },
    "settings/integrations/mail-actions.ts changeMail": {
      slug,
      kind: "failed",
      step: "preview",
      subject: "",
      body: "",
    },
    "settings/integrations/mail-actions.ts changeMailSender": { slug, locale: "en", replyTo: "" },
    "settings/integrations/portal-actions.ts makeLink": { slug, name: "a test", expiresIn: "1h" },
    "settings/integrations/portal-actions.ts endLink": { slug, linkId: "plk_none" },
    "portal/actions.ts pingOwnApp": { send: "ping" },
    "portal/actions.ts rotateOwnSecret": { rotate: "secret" },
    "portal/actions.ts resendOwnDelivery": { notificationId: ids.notification },
    "portal/actions.ts resendOwnDeliveries": { step: "count", state: "dead", since: "2026-01-01", until: "" },
    "settings/helpdesk/actions.ts makeEmbedKey": {
      ...{ name: "a test", origins: "https://help.example.com", apps: "" },
    },
    "settings/helpdesk/actions.ts giveEmbedSecret": { embedKeyId: "emb_none" },
    "settings/helpdesk/actions.ts endEmbedKey": { embedKeyId: "emb_none" },
    "settings/keys/actions.ts makeKey": {
      name: "a test",
      reach: "all",
      days: "90",
      ratePerMinute: "60",
      "can:refunds.read": "on",
    },
    "settings/keys/actions.ts giveNewSecret": { ...key, overlapHours: "1" },
    "settings/keys/actions.ts endKey": key,
    "settings/keys/actions.ts tellProgram": { ...key, url: "" },
    "settings/people/actions.ts addPerson": { ...person, ...role },
    "settings/people/actions.ts givePassword": { ...nobody, password: person.password },
    "settings/people/actions.ts giveRole": { ...nobody, ...role },
    "settings/people/actions.ts inviteAgain": none,
    "settings/people/actions.ts invitePerson": { email: person.email, ...role },
    "settings/people/actions.ts letIn": nobody,
    "settings/people/actions.ts resetFactor": nobody,
    "settings/people/actions.ts revoke": none,
    "settings/people/actions.ts shutOut": nobody,
    "settings/people/actions.ts signOutPerson": nobody,
    "settings/policies/actions.ts changeAppPolicy": draft,
    "settings/policies/actions.ts changeDeskPolicy": draft,
    "settings/policies/actions.ts followDesk": { app, seenVersion: "0" },
    "settings/slack/actions.ts chooseMail": { form: "mail" },
    "settings/slack/actions.ts makeCode": { make: "code" },
    "views/actions.ts keepView": { page: "refunds", viewName: "a test", search: "show=done" },
    "views/actions.ts nameView": { viewId: "view_none", newName: "a test" },
    "views/actions.ts removeView": { removedId: "view_none", page: "refunds" },
    "settings/slack/actions.ts unlink": { operatorId: ids.operator, teamId: "T0", userId: "U0" },
  };
}
