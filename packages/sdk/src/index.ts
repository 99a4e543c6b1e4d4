export {
  type AccessReport,
  type Client,
  type ClientOptions,
  createClient,
  type PurchaseReport,
  ReportError,
} from "./client.ts";
export { type Answer, createHandler, type HandlerOptions, type Message } from "./handler.ts";
export { type Notification, notificationSchema } from "./notification.ts";
export { memorySequenceStore, type SequenceStore } from "./sequence.ts";
export { type HeaderReader, VerificationError, verifyNotification } from "./verify.ts";
