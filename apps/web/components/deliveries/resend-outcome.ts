/** Which messages are meant, as it was typed. */
export interface TypedWindow {
  /** A slug; "" for all apps that one manages. */
  readonly app: string;
  readonly state: "dead" | "declined";
  readonly since: string;
  readonly until: string;
}

/** What became of a form that sends a window of messages again. */
export type ResendOutcome =
  /** Nothing was done; `window` is to be shown in the form. */
  | { readonly step: "change"; readonly window: TypedWindow }
  | { readonly step: "counted"; readonly window: TypedWindow; readonly resendable: number }
  /** `left`: so many are sent at a time. */
  | {
      readonly step: "sent";
      readonly window: TypedWindow;
      readonly resent: number;
      readonly left: number;
    };
