/** What the page functions are given: the session as it stands, and the facts around it. */
import type { SnapshotFrom } from 'xstate';
import type { ServiceDefinition } from '../../contract/service.schema.ts';
import type { Frame } from '../../contract/view.schema.ts';
import type { FlowPorts } from './ports.ts';
import type { sessionMachine } from './session.machine.ts';
import type { StationFacts } from './station-facts.types.ts';
import type { Texts } from './texts.ts';

export type SessionSnapshot = SnapshotFrom<typeof sessionMachine>;

/** Facts outside the session that a View may show. */
export interface Surroundings {
  readonly texts: Texts;
  readonly ports: FlowPorts;
  readonly station: StationFacts;
  readonly display: Frame['display'];
  readonly services: readonly ServiceDefinition[];
}
