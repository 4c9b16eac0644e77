/** The outcome of a question that changes nothing and was not answered: always without effect, whatever ended the wait. */
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import { notBegun, type Interruption } from '../link/scope.ts';

export function unanswered(reason: Interruption | 'timeout'): Outcome<never> {
  return reason === 'timeout' ? failed('device.absent', 'none', 'the printer does not answer') : notBegun(reason);
}
