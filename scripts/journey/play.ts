/** Plays one resident against a running engine: every View once, one move a View, until they leave or the engine dies. */
import type { Intent } from '../../contract/intent.schema.ts';
import type { View } from '../../contract/view.schema.ts';
import type { RunningEngine } from './rehearsal.ts';
import { nextMove, type Persona } from './resident.ts';
import type { StationClient } from './station-client.ts';

export type PlayEnd =
  | { readonly kind: 'left'; readonly why: string }
  | { readonly kind: 'engineGone'; readonly how: string }
  | { readonly kind: 'stuck' };

export interface PlayOptions {
  readonly engine: RunningEngine;
  readonly station: StationClient;
  readonly persona: Persona;
  /** How long a page may stay without anything happening. */
  readonly patienceMs: number;
  say(line: string): void;
}

export async function play({ engine, station, persona, patienceMs, say }: PlayOptions): Promise<PlayEnd> {
  const inbox = createInbox();
  engine.client.on('view', (view) => inbox.put(view));
  const gone = engine.ended.then((how): PlayEnd => ({ kind: 'engineGone', how }));
  const first = await Promise.race([engine.client.call('view', {}), gone]);
  if ('kind' in first) return first;
  if (!first.ok) return { kind: 'engineGone', how: `${first.problem.code} ${engine.stderr()}` };
  inbox.put(first.value as View);
  void gone.then(() => inbox.close());
  let last = '';
  for (;;) {
    const view = await Promise.race([inbox.take(patienceMs), gone]);
    if (view === undefined) return { kind: 'stuck' };
    if ('kind' in view) return view;
    const move = nextMove(view, persona);
    const state = 'state' in view.screen ? view.screen.state : '';
    // the same page is touched again when it gives another thing to do: what was closed may have opened
    const name = `${view.page}/${view.screen.kind}/${state}/${JSON.stringify(move)}`;
    if (name === last) continue;
    last = name;
    say(`view    ${String(view.page).padStart(3)}  ${view.screen.kind.padEnd(14)} ${view.screen.title}`);
    if (move.kind === 'leave') return { kind: 'left', why: move.why };
    if (move.kind === 'hands') await station.act(move.device, move.action, move.input);
    if (move.kind === 'touch')
      await Promise.race([engine.client.call('send', { ...move.touch, page: view.page } as Intent), gone]);
  }
}

/** Views in order; `take` waits for the next one. */
function createInbox() {
  const waiting: View[] = [];
  let wake: (() => void) | undefined;
  return {
    put(view: View): void {
      waiting.push(view);
      wake?.();
    },
    /** No timer stays behind when nothing can come any more. */
    close: () => wake?.(),
    async take(patienceMs: number): Promise<View | undefined> {
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, patienceMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return waiting.shift();
    },
  };
}
