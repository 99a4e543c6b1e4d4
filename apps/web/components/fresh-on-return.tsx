"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/**
 * Reads the page again when somebody comes back to it, by Back or from another tab: browser and router show
 * what they kept, and the money may have moved since.
 */
export function FreshOnReturn() {
  const router = useRouter();
  useEffect(() => {
    // After the router has heard of it too: its own step back would drop a refresh that came before.
    const refresh = () => setTimeout(() => router.refresh());
    const restored = (event: PageTransitionEvent) => event.persisted && refresh();
    const seen = () => document.visibilityState === "visible" && refresh();
    addEventListener("popstate", refresh);
    addEventListener("pageshow", restored);
    document.addEventListener("visibilitychange", seen);
    return () => {
      removeEventListener("popstate", refresh);
      removeEventListener("pageshow", restored);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [router]);
  return null;
}
