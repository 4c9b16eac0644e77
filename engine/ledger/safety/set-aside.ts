/** A damaged file is evidence: renamed with the time, never deleted and never written over. */
import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../../contract/clock.ts';
import { syncDirectory } from '../black-box.ts';

/** The new name; undefined when there is no such file. */
export function setAside(path: string, clock: Pick<Clock, 'wallMs'>): string | undefined {
  if (!existsSync(path)) return undefined;
  const time = new Date(clock.wallMs()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let name = `${path}.damaged-${time}`;
  // a clock that stands still, or was set back
  for (let again = 2; existsSync(name); again++) name = `${path}.damaged-${time}-${again}`;
  renameSync(path, name);
  syncDirectory(dirname(path));
  return name;
}
