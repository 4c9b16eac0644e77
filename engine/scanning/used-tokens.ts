/** Which tokens were acted on. A token is claimed before the act, so that no crash lets it act twice. */
import type { Clock } from '../../contract/clock.ts';

export interface UsedTokens {
  /** True for one caller only, ever; false when it was claimed before or cannot be remembered. `expires` is wall time. */
  claim(nonce: string, expires: number): boolean;
}

/** More than any day brings; when it is full nothing more is accepted, rather than something twice. */
const MEMORY_LIMIT = 50_000;

/** For tests, and for terminals whose tokens are checked by the platform as well: a restart forgets it. */
export function rememberTokens(clock: Pick<Clock, 'wallMs'>, limit = MEMORY_LIMIT): UsedTokens {
  const claimed = new Map<string, number>();
  return {
    claim(nonce, expires) {
      if (claimed.has(nonce)) return false;
      if (claimed.size >= limit) forgetExpired(claimed, clock.wallMs());
      if (claimed.size >= limit) return false;
      claimed.set(nonce, expires);
      return true;
    },
  };
}

/** Only what can no longer be accepted anyway. */
function forgetExpired(claimed: Map<string, number>, nowMs: number): void {
  for (const [nonce, expires] of claimed) if (expires <= nowMs) claimed.delete(nonce);
}
