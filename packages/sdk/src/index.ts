export type { Answer } from "./answer.ts";
export {
  type AccessReport,
  type Client,
  type ClientOptions,
  createClient,
  type PurchaseReport,
  ReportError,
} from "./client.ts";
export { createHandler, type HandlerOptions, type Message } from "./handler.ts";
export {
  type Notification,
  notificationSchema,
  type Ping,
  pingSchema,
  receivedSchema,
} from "./notification.ts";
export { memorySequenceStore, type ReplayGuard, type SequenceStore } from "./sequence.ts";
export { SecretError } from "./signature.ts";
export { type HeaderReader, VerificationError, type VerifyOptions, verifyNotification } from "./verify.ts";
