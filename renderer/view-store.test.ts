import { describe, expect, it } from 'vitest';
import type { KIOSK_RPC } from '../contract/kiosk.rpc.ts';
import { fail } from '../contract/outcome.schema.ts';
import type { RpcClient } from '../contract/rpc.ts';
import type { View } from '../contract/view.schema.ts';
import { collectGallery } from '../tests/support/gallery.ts';
import { viewStore } from './view-store.ts';

const gallery = await collectGallery({ locale: 'en', size: 'S2', contrast: 'light', reach: 'normal' });

function pageOf(name: string): View {
  const found = gallery.find((entry) => entry.name === name);
  if (!found) throw new Error(`no page ${name}`);
  return found.view;
}

function setUp() {
  let hear: (view: View) => void = () => undefined;
  let lose: () => void = () => undefined;
  const events: string[] = [];
  const client = {
    call: () => Promise.resolve(fail('kiosk.peerGone')),
    on: (_event: string, listener: (view: View) => void) => {
      hear = listener;
      return () => undefined;
    },
    onGone: (listener: () => void) => {
      lose = listener;
    },
  } as unknown as RpcClient<typeof KIOSK_RPC>;
  const store = viewStore(client, {
    onLost: () => events.push('lost'),
    onSessionEnd: () => events.push('sessionEnd'),
  });
  return { store, events, hear: (view: View) => hear(view), lose: () => lose() };
}

describe('the document of a resident who has left', () => {
  it('is thrown away when the attract page comes back', () => {
    const { hear, events } = setUp();
    hear(pageOf('home'));
    hear(pageOf('goodbye'));
    expect(events).toEqual([]);
    hear(pageOf('attract'));
    expect(events).toEqual(['sessionEnd']);
  });

  it('is not thrown away while the attract page only changes its clock', () => {
    const { hear, events } = setUp();
    hear(pageOf('attract'));
    hear({ ...pageOf('attract'), page: 99 });
    expect(events).toEqual([]);
  });
});

describe('a lost engine', () => {
  it('leaves nothing of the last page on the screen', () => {
    const { hear, lose, store, events } = setUp();
    hear(pageOf('greeting'));
    lose();
    expect(store.current()).toBeNull();
    expect(events).toEqual(['lost']);
  });
});
