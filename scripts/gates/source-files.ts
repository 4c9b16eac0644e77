/** The rooms and the source files in them. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

export const PRODUCT_ROOMS = [
  'contract',
  'kiosk-config',
  'drivers',
  'engine',
  'platform',
  'renderer',
  'shell',
  'station',
  'electron',
  'browser-host',
] as const;
export const ROOMS: readonly string[] = [...PRODUCT_ROOMS, 'scripts', 'tests', 'bench'];

export function presentRooms(root: string): readonly string[] {
  return ROOMS.filter((room) => existsSync(join(root, room)));
}

/** Relative to `root`, with `/`, sorted; without what is built, installed or planted. */
export function sourceFiles(root: string, rooms: readonly string[] = presentRooms(root)): readonly string[] {
  return rooms
    .flatMap((room) => globSync(`${room}/**/*.{ts,tsx}`, { cwd: root }))
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !/(^|\/)(node_modules|dist|coverage)\/|^tests\/fixtures\//.test(file))
    .toSorted();
}
