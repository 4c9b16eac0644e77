/** A record of the `audit` stream: what the engine did to the machine by itself. */
import type { Clock } from '../../contract/clock.ts';
import type { AuditEvent } from '../../contract/terminal-event.schema.ts';

export function auditEvent(
  clock: Pick<Clock, 'wallMs'>,
  action: AuditEvent['action'],
  detail: string,
  target?: string,
): AuditEvent {
  const at = new Date(clock.wallMs()).toISOString();
  const base = { type: 'Audit', at, actor: 'engine', action, detail: detail.slice(0, 200) } as const;
  return target === undefined ? base : { ...base, target: target.slice(0, 64) };
}
