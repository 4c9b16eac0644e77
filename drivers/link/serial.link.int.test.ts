import { expect, it } from 'vitest';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { ByteLink, LinkState } from './byte-link.ts';
import { serialLink } from './serial.link.ts';

it('gives a port to one program only, and tells the second one why', async () => {
  const pair = await openPtyPair();
  const clock = new SimulatedClock();
  const links = [0, 1].map(() => serialLink({ path: pair.host, baudRate: 115_200 }, clock));
  const [first, second] = links as [ByteLink, ByteLink];
  try {
    await reached(first, 'open');
    await reached(second, 'lost');
    expect(second.problem?.code).toBe('device.absent');
    expect(second.problem?.detail).toContain('lock');
    await first.close();
    const opened = reached(second, 'open');
    clock.advance(250);
    await opened;
  } finally {
    for (const link of links) await link.close();
    await pair.end();
  }
});

function reached(link: ByteLink, wanted: LinkState): Promise<void> {
  return new Promise((resolve) => {
    const stop = link.onState((state) => {
      if (state !== wanted) return;
      stop();
      resolve();
    });
    link.open();
  });
}
