/**
 * With which switches the kiosk does not start. A debugger is a way around every check there is. A build run from its
 * source tree may be debugged (and driven by tests); an installed one never.
 */

const DEBUG_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'inspect',
  'inspect-brk',
  'inspect-brk-node',
  'inspect-port',
  'inspect-publish-uid',
  'inspect-wait',
  'js-flags',
  'load-extension',
  'disable-web-security',
  'user-agent',
  'host-resolver-rules',
  'proxy-server',
];

/** The first switch that forbids starting, or undefined. `argv` is looked at too: Node reads some before chromium does. */
export function refusedSwitch(
  isPackaged: boolean,
  hasSwitch: (name: string) => boolean,
  argv: readonly string[],
): string | undefined {
  if (!isPackaged) return undefined;
  const given = argv.map((argument) => argument.split('=', 1)[0]);
  return DEBUG_SWITCHES.find((name) => hasSwitch(name) || given.includes(`--${name}`));
}
