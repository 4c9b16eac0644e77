/** What a scraper reads: sums over the fleet. Never a label per terminal: values of one terminal are in the tables. */
import type { PlatformContext } from '../context.ts';
import { ALARMS } from './alarms.ts';
import { readFleetTotals, readVersions } from './fleet.ts';

/** In the text format of Prometheus. */
export async function renderMetrics(context: Pick<PlatformContext, 'database' | 'clock'>): Promise<string> {
  const totals = await readFleetTotals(context);
  const versions = await readVersions(context);
  const { count } = await context.database
    .selectFrom('violations')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return [
    ...gauge('kiosk_terminals', 'Terminals that are known.', [['', totals.terminals]]),
    ...gauge(
      'kiosk_alarm_terminals',
      'Terminals with this alarm now.',
      ALARMS.map(({ name }) => [`{alarm="${name}"}`, totals.alarms[name]]),
    ),
    ...gauge('kiosk_cases_open', 'Cases a person must decide.', [['', totals.openCases]]),
    ...gauge('kiosk_money_unknown', 'Charges without an end for more than ten minutes.', [['', totals.moneyUnknown]]),
    '# HELP kiosk_invariant_violations_total Invariants that were ever seen broken.',
    '# TYPE kiosk_invariant_violations_total counter',
    `kiosk_invariant_violations_total ${Number(count)}`,
    ...gauge(
      'kiosk_version_terminals',
      'Terminals by the version that runs, as told after its health checks.',
      versions.map((share) => [`{ring="${share.ring}",version="${label(share.version)}"}`, share.count]),
    ),
    '',
  ].join('\n');
}

function gauge(
  name: string,
  help: string,
  values: readonly (readonly [labels: string, value: number])[],
): readonly string[] {
  const lines = values.map(([labels, value]) => `${name}${labels} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
}

/** A version is what a terminal said; nothing of it may end the label. */
function label(version: string | null): string {
  return (version ?? 'unknown').replaceAll(/[^A-Za-z0-9._+-]/g, '_').slice(0, 40);
}
