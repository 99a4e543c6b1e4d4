"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Tells the server the browser's time zone in a cookie, and has the page written anew where it was another. */
export function TellZone({ cookie, known }: { cookie: string; known: string }) {
  const router = useRouter();
  useEffect(() => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || zone === known) return;
    const before = document.cookie;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${cookie}=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
    // Where cookies are refused the page would be written anew for ever.
    if (document.cookie !== before) router.refresh();
  }, [cookie, known, router]);
  return null;
}
