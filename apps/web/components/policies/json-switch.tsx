"use client";

import { useState } from "react";
import { Button } from "../ui/button.tsx";
import type { PolicyDraft } from "./policy-draft.ts";
import { readDraft } from "./read-draft.ts";

/** From the cards to the text and back. */
export function JsonSwitch({
  text,
  isJson,
  onCards,
  onJson,
}: {
  text: string;
  isJson: boolean;
  onCards: (draft: PolicyDraft) => void;
  onJson: () => void;
}) {
  const [isUnread, setUnread] = useState(false);
  const toCards = () => {
    const read = readDraft(text);
    setUnread(read === null);
    if (read !== null) onCards(read);
  };
  return (
    <div className="flex flex-wrap items-center gap-3 noscript:hidden">
      <Button type="button" look="quiet" size="small" onClick={isJson ? toCards : onJson}>
        {isJson ? "Back to the cards" : "Advanced: edit as JSON"}
      </Button>
      {isUnread && isJson && (
        <span role="alert" className="text-sm text-bad">
          The cards cannot show this: it is no policy. Correct it, or load the page again.
        </span>
      )}
    </div>
  );
}
