import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { NutSimulator } from './nut.simulator.ts';

function upsd(msPerPercent = 0) {
  const clock = new SimulatedClock();
  const ups = new NutSimulator({ clock, chance: { bytes: (n) => new Uint8Array(n) }, ups: 'kiosk', msPerPercent });
  let heard = '';
  ups.onOutput((bytes) => {
    heard += Buffer.from(bytes).toString();
  });
  ups.connected();
  const ask = (line: string) => {
    heard = '';
    ups.feed(Buffer.from(`${line}\n`));
    return heard;
  };
  return { clock, ups, ask };
}

describe('simulated upsd', () => {
  it.each([
    ['GET VAR kiosk ups.status', 'VAR kiosk ups.status "OL"\n'],
    ['GET VAR kiosk device.mfr', 'VAR kiosk device.mfr "Panyu \\"Simulated\\" Power"\n'],
    ['GET VAR kiosk no.such', 'ERR VAR-NOT-SUPPORTED\n'],
    ['GET VAR other ups.status', 'ERR UNKNOWN-UPS\n'],
    ['GET VAR', 'ERR INVALID-ARGUMENT\n'],
    ['LIST UPS', 'BEGIN LIST UPS\nUPS kiosk "Simulated supply"\nEND LIST UPS\n'],
    ['INSTCMD kiosk shutdown.return', 'ERR UNKNOWN-COMMAND\n'],
    ['STARTTLS', 'ERR FEATURE-NOT-CONFIGURED\n'],
    ['NETVER', '1.3\n'],
  ])('%s', (question, answer) => {
    expect(upsd().ask(question)).toBe(answer);
  });

  it('drains by the clock until it is empty, and charges again', async () => {
    const { clock, ups, ask } = upsd(1_000);
    ups.pullMains();
    await clock.run(81_500);
    expect(ask('GET VAR kiosk ups.status')).toBe('VAR kiosk ups.status "OB LB DISCHRG"\n');
    expect(ask('GET VAR kiosk battery.charge')).toBe('VAR kiosk battery.charge "19"\n');
    await clock.run(60_000);
    expect(ups.state.chargePercent).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    ups.plugMains();
    await clock.run(200_000);
    expect(ups.state).toMatchObject({ chargePercent: 100, status: 'OL' });
  });

  it('forgets half a question when the host goes', () => {
    const { ups, ask } = upsd();
    ups.feed(Buffer.from('GET VAR kio'));
    ups.disconnected();
    expect(ask('NETVER')).toBe('1.3\n');
  });
});
