/** Electron, where its binary is there and there is a display for its window. Looking never starts a download. */
import { findElectron } from '../../electron/find-electron.ts';

export function findElectronHere(env: NodeJS.ProcessEnv): string | undefined {
  const hasDisplay = process.platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
  return hasDisplay ? findElectron(env) : undefined;
}
