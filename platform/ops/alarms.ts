/** What a person must know of a terminal (money-and-sync 7), heaviest first. `fleet.ts` says when each holds. */
import type { Tone } from './page-frame.ts';

export const LIMITS = {
  /** A charge that was asked for and has not ended. */
  moneyUnknownMs: 10 * 60_000,
  /** How long what an audit record told is held up to people, if it is not told again. */
  wedgedMs: 3_600_000,
  toldMs: 24 * 3_600_000,
  caseOldMs: 24 * 3_600_000,
  clockErrorMs: 5_000,
  silentMs: 10 * 60_000,
  /** Two heartbeats and a bit. */
  onlineMs: 35_000,
} as const;

interface Alarm<Name extends string = string> {
  readonly name: Name;
  readonly text: string;
  readonly english: string;
  readonly tone: Tone;
  /** A heavier one outweighs all lighter ones together. */
  readonly weight: number;
}

const LISTED = [
  ['invariant.broken', '违反不变量', 'invariant broken', 'bad'],
  ['money.unknown', '款项不明', 'money unknown', 'bad'],
  ['chain.fork', '账本分叉', 'ledger forked', 'bad'],
  ['fsync.error', '磁盘写入不可靠', 'disk did not sync', 'bad'],
  ['ledger.unsafe', '账本不安全', 'ledger unsafe', 'bad'],
  ['case.old', '个案逾一日', 'case over 24 h', 'bad'],
  ['sync.wedged', '同步卡住', 'sync wedged', 'bad'],
  ['device.cannotTell', '设备说不清', 'device cannot tell', 'warn'],
  ['doc.rollback', '文档回退', 'document rolled back', 'warn'],
  ['disk.ladder', '磁盘不足', 'disk low', 'warn'],
  ['clock.err', '时钟误差', 'clock error', 'warn'],
  ['terminal.silent', '失去联系', 'silent', 'warn'],
  ['device.down', '设备离线', 'device down', 'warn'],
  ['case.open', '待办个案', 'open case', 'warn'],
  ['record.parked', '待核记录', 'parked record', 'quiet'],
  ['version.unknown', '版本不明', 'version unknown', 'quiet'],
  ['terminal.suspended', '已停用', 'suspended', 'quiet'],
] as const;

export type AlarmName = (typeof LISTED)[number][0];

export const ALARMS: readonly Alarm<AlarmName>[] = LISTED.map(([name, text, english, tone], index) => ({
  name,
  text,
  english,
  tone,
  weight: 2 ** (LISTED.length - 1 - index),
}));

export function alarmOf(name: AlarmName): Alarm<AlarmName> {
  const alarm = ALARMS.find((one) => one.name === name);
  if (!alarm) throw new Error(`no alarm ${name}`);
  return alarm;
}

export function asAlarmName(text: string | undefined): AlarmName | undefined {
  return ALARMS.find(({ name }) => name === text)?.name;
}
