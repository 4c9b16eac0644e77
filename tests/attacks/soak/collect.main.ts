/** What the collector would take back sooner or later is no leak: `node --expose-gc --import collect.main.ts` takes it back now. */
const COLLECT_MS = 2_000;

const { gc } = globalThis;
if (!gc) throw new Error('needs --expose-gc');
setInterval(() => gc(), COLLECT_MS).unref();
