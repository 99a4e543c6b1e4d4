/** What a form of customer mail shows after it was sent. */
export interface MailOutcome {
  readonly step: "previewed" | "saved";
  /** As a customer would read it. */
  readonly preview: { readonly subject: string; readonly body: string };
  /** What was sent, since a form that was sent forgets it. */
  readonly draft: MailValues;
}

export interface MailValues {
  readonly wanted: boolean;
  readonly subject: string;
  readonly body: string;
}
