/** Claimed tokens in the ledger's file: a claim is durable before the act, so a power cut does not make a code good again. */
import type { Clock } from '../../contract/clock.ts';
import type { UsedTokens } from '../scanning/used-tokens.ts';
import { later } from './later.ts';
import type { Store } from './store.ts';

/** Expired claims stay this long, so that a clock that was set back does not accept them again. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;
/** Rows a claim forgets at most: short enough not to be felt. */
const FORGET_ROWS = 100;

/** A claim that cannot be written counts as refused. */
export function ledgerUsedTokens(store: Store, clock: Pick<Clock, 'wallMs'>): UsedTokens {
  const { db } = store;
  const insert = later(db, 'INSERT OR IGNORE INTO used_token (nonce, expires) VALUES (?, ?)');
  const forget = later(
    db,
    `DELETE FROM used_token WHERE nonce IN (SELECT nonce FROM used_token WHERE expires < ? LIMIT ${FORGET_ROWS})`,
  );
  return {
    claim(nonce, expires) {
      const claimed = store.commit(() => {
        forget.run(clock.wallMs() - KEPT_MS);
        return insert.run(nonce, expires).changes === 1;
      });
      return claimed.ok && claimed.value;
    },
  };
}
