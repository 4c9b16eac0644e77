import { describe, expect, it } from 'vitest';
import { fail } from '../../contract/outcome.schema.ts';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import * as apdu from './apdu.ts';
import { transmitTo } from './testing/scripted-card.ts';

const ssse = framesOf('smartcard-ssse');
const pboc = framesOf('smartcard-pboc');
const select = framesOf('smartcard-select');
const READ = bytesOf('00B095001E');

describe('commands', () => {
  it('are the sheet’s', () => {
    const name = ssse('select-df').slice(10);
    expect(hexOf(apdu.selectApplication(bytesOf(name)))).toBe(ssse('select-df'));
    expect(hexOf(apdu.selectApplication(bytesOf('A000000632010105')))).toBe(select('tunion'));
    expect(hexOf(apdu.selectApplication(bytesOf('1001')))).toBe(select('df-1001'));
    expect(hexOf(apdu.selectFile(bytesOf('EF06')))).toBe(ssse('ef06-select'));
    expect(hexOf(apdu.readBinary(0x15, 30))).toBe(pboc('read-0015'));
    expect(hexOf(apdu.readBinary(0x16, 30))).toBe(pboc('read-0016'));
    expect(hexOf(apdu.readRecord(5, 7, 11))).toBe(ssse('ef05-read-number'));
    expect(hexOf(apdu.readRecord(0x18, 10, 0x17))).toBe(pboc('read-log-10'));
    expect(hexOf(apdu.readIdentifier(0x4e, 0x16))).toBe(ssse('ef06-read-name-ext'));
  });
});

describe('status words', () => {
  it('are named for maintainers', () => {
    expect(apdu.describeStatus(0x6a82)).toBe('6A82 file or application not found');
    expect(apdu.describeStatus(0x63c2)).toBe('63C2 verification failed, 2 tries left');
    expect(apdu.describeStatus(0x6f00)).toBe('6F00');
  });
});

describe('exchange', () => {
  it('splits data and status', async () => {
    const answer = await apdu.exchange(
      transmitTo(() => pboc('rsp-0015')),
      READ,
    );
    expect(answer).toMatchObject({ ok: true, value: { status: 0x9000 } });
    expect(answer.ok && answer.value.data.length).toBe(30);
  });

  it('fetches what waits (61xx), in as many pieces as it takes', async () => {
    const sent: string[] = [];
    const answers = ['6102', 'AABB6101', 'CC9000'];
    const answer = await apdu.exchange(
      transmitTo(() => answers.shift() ?? '6F00', sent),
      bytesOf(ssse('select-df')),
    );
    expect(answer.ok && hexOf(answer.value.data)).toBe('AABBCC');
    expect(sent).toEqual([ssse('select-df'), '00C0000002', '00C0000001']);
  });

  it('repeats the command with the length the card wants (6Cxx)', async () => {
    const sent: string[] = [];
    const answers = ['6C04', '010203049000'];
    const answer = await apdu.exchange(
      transmitTo(() => answers.shift() ?? '6F00', sent),
      READ,
    );
    expect(answer.ok && hexOf(answer.value.data)).toBe('01020304');
    expect(sent).toEqual(['00B095001E', '00B0950004']);
  });

  it('puts the wanted length behind the data of a command that has data', async () => {
    const sent: string[] = [];
    const answers = ['6C10', '6C11', '9000'];
    await apdu.exchange(
      transmitTo(() => answers.shift() ?? '6F00', sent),
      bytesOf(ssse('ef06-select')),
    );
    expect(sent).toEqual(['00A4020002EF06', '00A4020002EF0610', '00A4020002EF0611']);
  });

  it.each(['6110', 'AA6110', '6C10'])('ends with a card that answers %s for ever', async (endless) => {
    const sent: string[] = [];
    const answer = await apdu.exchange(
      transmitTo(() => endless, sent),
      READ,
    );
    expect(answer).toMatchObject({ ok: false, problem: { code: 'card.unreadable' } });
    expect(sent).toHaveLength(8);
  });

  it.each(['', '90', '5A5A', '0000', '6000', 'FFFF'])('refuses %j: no status word', async (garbage) => {
    const answer = await apdu.exchange(
      transmitTo(() => garbage),
      READ,
    );
    expect(answer).toMatchObject({ ok: false, problem: { code: 'card.unreadable' } });
  });

  it('hands the problem of the wire on', async () => {
    const answer = await apdu.exchange(() => Promise.resolve(fail('device.lost')), READ);
    expect(answer).toEqual(fail('device.lost'));
  });
});
