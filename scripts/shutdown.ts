const patienceMs = 30_000;

/**
 * Closes everything at the first SIGINT or SIGTERM, then ends the process. A second signal, or half a
 * minute, ends it all the same: the next start takes over whatever was left running.
 */
export function closeAtSignal(close: () => Promise<void>): void {
  let closing = false;
  const onSignal = () => {
    if (closing) {
      console.error("Ended at once. A database that was left running is taken over by the next start.");
      process.exit(1);
    }
    closing = true;
    setTimeout(() => process.exit(1), patienceMs).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
}
