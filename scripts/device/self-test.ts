import type { Clock } from '../../contract/clock.ts';
import type { SelfTestLine } from '../../contract/driver.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { untilSpoken, type OpenDevice } from './open-devices.ts';
import { sentence, type Say } from './output.ts';

/** Waits for the device to speak, then lets the driver test it. Well when no line fails. */
export async function tellSelfTest(
  { config, driver }: OpenDevice,
  clock: Clock,
  { waitMs, json, say }: { readonly waitMs: number; readonly json: boolean; readonly say: Say },
): Promise<ExitCode> {
  const { problem, device } = await untilSpoken(driver, clock, waitMs);
  if (!json) say(`${config.id} is ${device}${problem ? `: ${sentence(problem)}` : ''}`);
  const lines: SelfTestLine[] = [];
  for await (const line of driver.selfTest()) {
    lines.push(line);
    if (!json) say(`  ${line.result.padEnd(4)}  ${line.step.padEnd(16)}  ${line.detail}`);
  }
  const isWell = lines.every(({ result }) => result !== 'fail');
  if (json) say(JSON.stringify({ device: config.id, state: device, passed: isWell, lines }));
  return isWell ? EXIT.well : EXIT.notWell;
}
