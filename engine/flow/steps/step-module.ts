/** Erases a step's own types at the registry's door; inside its file each step stays fully typed. */
import type { AnyMachineSnapshot, AnyStateMachine, SnapshotFrom } from 'xstate';
import type { DeviceClass } from '../../../contract/driver.ts';
import type { StepKind } from '../../../contract/service.schema.ts';
import type { Page, Scene, StepModule } from '../flow.types.ts';

export function asModule<Machine extends AnyStateMachine>(step: {
  readonly kind: StepKind;
  readonly machine: Machine;
  readonly view: (snapshot: SnapshotFrom<Machine>, scene: Scene) => Page | undefined;
  readonly needs: readonly DeviceClass[];
}): StepModule {
  return {
    ...step,
    view: (snapshot: AnyMachineSnapshot, scene) => step.view(snapshot as SnapshotFrom<Machine>, scene),
  };
}
