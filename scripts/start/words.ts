/** What `npm start` says, in plain words. */
import type { ChildEnd, Ready } from './child.ts';
import type { Holder } from './instance-lock.ts';

export interface Running {
  readonly platform: Ready;
  readonly station: Ready;
  readonly host: Ready;
  readonly hostKind: 'electron' | 'browser-host';
  readonly dataDir: string;
}

export function runningLines({ platform, station, host, hostKind, dataDir }: Running): readonly string[] {
  const hasWindow = hostKind === 'electron' || Boolean(host.browser);
  return [
    'The kiosk is running.',
    '',
    `  Kiosk      ${hasWindow ? 'in its own window' : (host.url ?? 'without a window')}`,
    `  Station    ${station.page ?? '(no page)'}   put cards on the reader, take paper out, break things`,
    `  Platform   ${platform.url ?? '(no address)'}   what the district sees`,
    `  Data       ${dataDir}   (log/ holds what each part says)`,
    '',
    hasWindow
      ? 'Now: touch the kiosk window, and open the station page beside it.'
      : 'Now: open the kiosk address in a browser on this machine (it lets one browser in, once), the station beside it.',
    'Stop everything with Ctrl-C.',
  ];
}

export function alreadyRunningLines(holder: Holder, dataDir: string): readonly string[] {
  return [
    `A kiosk is already running on ${dataDir} (process ${holder.pid}${holder.url ? `, ${holder.url}` : ''}).`,
    `Stop it with Ctrl-C where it runs, or: kill ${holder.pid}`,
    'For a second one beside it: npm start -- --data another-folder',
  ];
}

export function failedLines({ name, how, lastWords }: ChildEnd, logFile: string): readonly string[] {
  return [
    `The ${name} ${how}.`,
    ...(lastWords === '' ? [] : [`  It last said: ${lastWords}`]),
    `  All it said: ${logFile}`,
    '  Everything else was stopped. Start again with: npm start',
  ];
}
