/**
 * Prices an open stay, under the published prices that the terminal names, or else under the platform's own tariff. The quote's
 * id is made of what it prices and of those prices' version, so that asking again gives the same quote, and a change of
 * prices makes another one and leaves this one as it is.
 */
import { parse } from '../../contract/check.ts';
import type { ParkingQuote, ParkingQuoteRequest } from '../../contract/platform-api.schema.ts';
import { PricesDocument, type ParkingTariff, type PricesName } from '../../contract/published-content.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Commit, Tables } from '../database/tables.ts';
import { localHourMinute } from '../local-time.ts';
import type { ParkingPlace } from '../platform-data.ts';
import { priceOf, startedHours, type PriceBasis } from './tariff.ts';

interface Stay {
  readonly stay: number;
  readonly place: string;
  readonly entered_ms: number;
}

/** `unknownPrices`: the platform has no such prices, so nobody can say what is due. */
export async function quoteParking(
  context: PlatformContext,
  request: ParkingQuoteRequest,
): Promise<ParkingQuote | 'unknownPrices'> {
  const tariff = request.prices ? await readPublished(context, request.prices) : context.tariff;
  if (!tariff) return 'unknownPrices';
  const why: PriceBasis = request.cardDigest === undefined ? 'noCard' : 'livelihoodCard';
  return context.database.transaction().execute(async (commit) => {
    const stay = await commit
      .selectFrom('stays')
      .select(['stay', 'place', 'entered_ms'])
      .where('plate', '=', request.plate)
      .where('left_ms', 'is', null)
      .executeTakeFirst();
    const place = tariff.places.find((candidate) => candidate.id === stay?.place);
    if (!stay || !place) return { state: 'notFound' };
    return price(commit, context.clock.wallMs(), stay, { place, why, prices: request.prices });
  });
}

/** Undefined as well when it is no list of prices: its signer's mistake, which every terminal has refused. */
async function readPublished(
  { database }: PlatformContext,
  { version, sha256 }: PricesName,
): Promise<ParkingTariff | undefined> {
  const document = await database
    .selectFrom('documents')
    .select(['body', 'sha256'])
    .where('channel', '=', 'prices')
    .where('version', '=', version)
    .executeTakeFirst();
  if (document?.sha256 !== sha256) return undefined;
  const prices = parse(PricesDocument, JSON.parse(document.body));
  return prices.ok ? prices.value.parking : undefined;
}

interface Basis {
  readonly place: ParkingPlace;
  readonly why: PriceBasis;
  readonly prices: PricesName | undefined;
}

async function price(commit: Commit, nowMs: number, stay: Stay, { place, why, prices }: Basis): Promise<ParkingQuote> {
  const parkedMinutes = Math.max(0, Math.floor((nowMs - stay.entered_ms) / 60_000));
  const toHour = startedHours(parkedMinutes);
  const paid = await readLastPaid(commit, stay.stay);
  const paidHours = paid?.to_hour ?? 0;
  if (paid && (paid.until_ms > nowMs || paidHours >= toHour)) {
    return { state: 'alreadyPaid', paidAt: localHourMinute(Date.parse(paid.paid_at)) };
  }
  const cost = priceOf(place, toHour - paidHours, why);
  const row: Tables['quotes'] = {
    quote: `P${stay.stay}-${why}-${paidHours}-${toHour}${prices ? `-v${prices.version}` : ''}`,
    stay: stay.stay,
    why,
    from_hour: paidHours,
    to_hour: toHour,
    full_cents: cost.fullCents,
    discount_cents: cost.discountCents,
    due_cents: cost.dueCents,
    grace_minutes: place.graceMinutes,
    quoted_ms: nowMs,
  };
  await commit
    .insertInto('quotes')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const kept = await commit.selectFrom('quotes').selectAll().where('quote', '=', row.quote).executeTakeFirstOrThrow();
  return {
    state: 'due',
    quote: kept.quote,
    place: place.name,
    parkedMinutes,
    fullCents: kept.full_cents,
    discountCents: kept.discount_cents,
    dueCents: kept.due_cents,
    why,
    graceMinutes: kept.grace_minutes,
    ...(prices && { prices }),
  };
}

/** The payment that reaches furthest, unless it was reversed. */
async function readLastPaid(
  commit: Commit,
  stay: number,
): Promise<Pick<Tables['graces'], 'paid_at' | 'until_ms' | 'to_hour'> | undefined> {
  return commit
    .selectFrom('graces')
    .select(['paid_at', 'until_ms', 'to_hour'])
    .where('stay', '=', stay)
    .where('state', '=', 'open')
    .orderBy('to_hour', 'desc')
    .executeTakeFirst();
}
