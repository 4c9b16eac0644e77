/** Holds the last View the engine showed and carries Intents back. Null while there is none or the engine is gone. */
import type { Intent } from '../contract/intent.schema.ts';
import type { KIOSK_RPC } from '../contract/kiosk.rpc.ts';
import type { RpcClient } from '../contract/rpc.ts';
import type { View } from '../contract/view.schema.ts';

export interface ViewStore {
  subscribe(this: void, listener: () => void): () => void;
  current(this: void): View | null;
  /** True when the engine took it. */
  send(intent: Intent): Promise<boolean>;
}

export interface StoreEvents {
  /** The engine is gone, or does not answer. */
  readonly onLost: () => void;
  /** A resident has left: the document that showed their pages has to go, with everything a browser keeps of it. */
  readonly onSessionEnd: () => void;
}

export function viewStore(client: RpcClient<typeof KIOSK_RPC>, { onLost, onSessionEnd }: StoreEvents): ViewStore {
  const listeners = new Set<() => void>();
  let view: View | null = null;
  function show(next: View | null): void {
    view = next;
    for (const listener of listeners) listener();
  }
  client.on('view', (next) => {
    const hasLeft = view !== null && view.screen.kind !== 'attract' && next.screen.kind === 'attract';
    show(next);
    if (hasLeft) onSessionEnd();
  });
  client.onGone(() => {
    show(null);
    onLost();
  });
  void client.call('view', {}).then((answer) => {
    if (answer.ok && !view) show(answer.value);
    else if (!answer.ok && answer.problem.code === 'kiosk.deadline') onLost();
  });
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: () => view,
    async send(intent) {
      const answer = await client.call('send', intent);
      return answer.ok && answer.value.taken;
    },
  };
}
