/**
 * What staff ask of this terminal from afar (`contract/operation.schema.ts`): each done at most once, also over a restart, and
 * answered with the audit record `operation.done`. Begun only while nobody stands at the machine, and never after its time.
 */
import Type from 'typebox';
import { parse } from '../../contract/check.ts';
import type { Operation } from '../../contract/operation.schema.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { AuditEvent } from '../../contract/terminal-event.schema.ts';

/** What this terminal can do of it; what is missing is answered `notSupported`. */
export interface OperationActs {
  /** Ends the program; whoever watches it starts it again. */
  restartApp?(): void;
  /** Uploads again from where the platform stands. */
  resyncChannel?(): void;
  /** One line of what came of it. */
  rotateKey?(): Promise<string>;
  /** One line of what came of it, nothing personal. */
  selfTest?(device: string): Promise<string>;
}

export interface OperationsOptions {
  readonly acts: OperationActs;
  /** Nobody is served now. */
  readonly isIdle: () => boolean;
  /** Kept in the ledger, so that it outlives a restart. */
  readonly memory: {
    put(channel: string, version: string, body: unknown): Result<undefined>;
    get(channel: string): { readonly body: unknown } | undefined;
  };
  /** Durable before it returns. */
  readonly audit: (action: AuditEvent['action'], target?: string, detail?: string) => void;
}

export interface Operations {
  /** From a heartbeat's answer, again and again. Never rejects. */
  told(operations: readonly Operation[], platformNowMs: number): Promise<void>;
}

const CHANNEL = 'operations';
const ANSWER_LENGTH = 200;
const Known = Type.Array(
  Type.Object(
    { operation: Type.String(), expiresAtMs: Type.Number(), isAnswered: Type.Boolean() },
    { additionalProperties: false },
  ),
);

interface KnownOperation {
  readonly operation: string;
  readonly expiresAtMs: number;
  readonly isAnswered: boolean;
}

export function createOperations({ acts, isIdle, memory, audit }: OperationsOptions): Operations {
  /** Begun in this run of the program. */
  const running = new Set<string>();

  function known(): readonly KnownOperation[] {
    const kept = parse(Known, memory.get(CHANNEL)?.body ?? []);
    return kept.ok ? kept.value : [];
  }
  /** What has expired by the platform's own time is told no more, and forgotten. */
  function remember(operation: Operation, isAnswered: boolean, nowMs: number): Result<undefined> {
    const others = known().filter((one) => one.operation !== operation.operation && one.expiresAtMs > nowMs);
    const own = { operation: operation.operation, expiresAtMs: operation.expiresAtMs, isAnswered };
    return memory.put(CHANNEL, String(nowMs), [...others, own]);
  }
  function answer(operation: Operation, words: string, nowMs: number): void {
    audit('operation.done', operation.operation, words.slice(0, ANSWER_LENGTH));
    void remember(operation, true, nowMs);
  }

  async function take(operation: Operation, nowMs: number): Promise<void> {
    if (operation.expiresAtMs <= nowMs || running.has(operation.operation)) return;
    const before = known().find((one) => one.operation === operation.operation);
    if (before?.isAnswered) return;
    // Begun in an earlier run: it is not begun a second time, whatever came of it.
    if (before) answer(operation, operation.command.kind === 'restartApp' ? 'restarted' : 'interrupted', nowMs);
    else if (isIdle()) await begin(operation, nowMs);
  }
  async function begin(operation: Operation, nowMs: number): Promise<void> {
    running.add(operation.operation);
    // Without the note it could be done twice.
    if (!remember(operation, false, nowMs).ok) return void running.delete(operation.operation);
    const words = await run(acts, operation.command);
    if (words !== undefined) answer(operation, words, nowMs);
  }

  return {
    async told(operations, platformNowMs) {
      for (const operation of operations) await take(operation, platformNowMs);
    },
  };
}

/** The answer; undefined when it comes after a restart. */
async function run(acts: OperationActs, command: Operation['command']): Promise<string | undefined> {
  switch (command.kind) {
    case 'restartApp':
      if (!acts.restartApp) break;
      acts.restartApp();
      return undefined;
    case 'resyncChannel':
      if (!acts.resyncChannel) break;
      acts.resyncChannel();
      return 'resynced';
    case 'selfTest':
      if (!acts.selfTest) break;
      return acts.selfTest(command.device);
    case 'rotateKey':
      if (!acts.rotateKey) break;
      return acts.rotateKey();
    case 'collectLogs':
      break;
  }
  return `notSupported ${command.kind}`;
}
