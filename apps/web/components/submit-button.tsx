"use client";

import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "./ui/button.tsx";

/** Sends its form once: while it is under way the button is off and says so. */
export function SubmitButton({ children, disabled, ...rest }: ComponentProps<typeof Button>) {
  const { pending } = useFormStatus();
  return (
    <Button type="submit" disabled={pending || disabled} aria-busy={pending} {...rest}>
      {pending && <LoaderCircle aria-hidden className="motion-safe:animate-spin" />}
      {children}
    </Button>
  );
}
