"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Reads the page again while something on it changes by itself, as long as somebody looks. */
export function LiveRefresh({ everyMs }: { everyMs: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return null;
}
