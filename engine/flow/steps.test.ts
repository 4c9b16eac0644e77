import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, StateNode } from 'xstate';
import { sessionMachine } from './session.machine.ts';
import { STEPS } from './steps/step-registry.ts';

function leaves(node: StateNode): StateNode[] {
  const children = Object.values(node.states);
  return children.length === 0 ? [node] : children.flatMap((child) => leaves(child));
}

/** A way out: a touch, a timer, an answer of something asked, or an immediate decision; its own or its parents'. */
function waysOut(node: StateNode): number {
  const own = [...node.transitions.values()].flat().length + (node.always?.length ?? 0);
  return own + (node.parent ? waysOut(node.parent) : 0);
}

describe('every machine of the flow', () => {
  const machines: [string, AnyStateMachine][] = Object.entries(STEPS).map(([kind, step]) => [kind, step.machine]);

  it.each([...machines, ['session', sessionMachine] as [string, AnyStateMachine]])(
    '%s has no state without an exit',
    (_kind, machine) => {
      const stuck = leaves(machine.root)
        .filter((node) => node.type !== 'final' && node.key !== 'ended')
        .filter((node) => waysOut(node) === 0);
      expect(stuck.map((node) => node.id)).toEqual([]);
    },
  );

  it.each(machines)('%s ends with an output in each of its last states', (_kind, machine) => {
    const finals = leaves(machine.root).filter((node) => node.type === 'final');
    expect(finals.length).toBeGreaterThan(0);
    expect(finals.filter((node) => node.output === undefined).map((node) => node.id)).toEqual([]);
  });

  it.each(machines)('%s answers an error of whatever it invokes', (_kind, machine) => {
    const invoking = leaves(machine.root).filter((node) => node.invoke.length > 0);
    const unanswered = invoking.filter(
      (node) => ![...node.transitions.keys()].some((key) => key.startsWith('xstate.error.actor')),
    );
    expect(unanswered.map((node) => node.id)).toEqual([]);
  });
});
