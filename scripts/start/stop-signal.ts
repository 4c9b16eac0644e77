/** Resolves on the first Ctrl-C or polite end, or when the program that started us is gone; later signals change nothing. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    // writing to a terminal or pipe that has gone is such an end too
    process.stdout.on('error', () => resolve());
  });
}
