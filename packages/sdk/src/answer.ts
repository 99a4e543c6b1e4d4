/**
 * What the app says back. `done`: access is as asked. `received`: it will be, and `reportAccess` tells
 * when. `declined`: it will not, and why; a person sees it in Redress.
 */
export type Answer = { status: "done" } | { status: "received" } | { status: "declined"; reason: string };
