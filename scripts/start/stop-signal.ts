/** Resolves when a person or the system wants us to end; whatever comes after the first such sign changes nothing. */
const PARENT_CHECK_MS = 500;

export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    // writing to a terminal or pipe that has gone is such a sign too
    process.stdout.on('error', () => resolve());
    // the bootstrap was killed and could not tell
    const parent = process.ppid;
    if (process.env['KIOSK_BOOTSTRAP'] !== String(parent)) return;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, PARENT_CHECK_MS).unref();
  });
}
