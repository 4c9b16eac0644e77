/** Every attack by the name of its command. Loaded only when it is run: some need a compiler or a database server. */
import type { Attack } from './attack.ts';

export const ATTACKS: Readonly<Record<string, () => Promise<Attack>>> = {
  sim: async () => (await import('./sim/sim.ts')).sim,
  'crash-mutants': async () => (await import('./crash-mutants/crash-mutants.ts')).crashMutants,
  'crash-logic': async () => (await import('./crash-logic/crash-logic.ts')).crashLogic,
  'crash-kill': async () => (await import('./crash-kill/crash-kill.ts')).crashKill,
  'crash-power': async () => (await import('./crash-power/crash-power.ts')).crashPower,
  'crash-syscall': async () => (await import('./crash-syscall/crash-syscall.ts')).crashSyscall,
  'sim-herd': async () => (await import('./sim-herd/sim-herd.ts')).simHerd,
  corrupt: async () => (await import('./corrupt/corrupt.ts')).corrupt,
  'boot-bench': async () => (await import('./boot-bench/boot-bench.ts')).bootBench,
  fuzz: async () => (await import('./fuzz/fuzz.ts')).fuzz,
  soak: async () => (await import('./soak/soak.ts')).soak,
  'platform-kill': async () => (await import('./platform-kill/platform-kill.ts')).platformKill,
  'platform-load': async () => (await import('./platform-load/platform-load.ts')).platformLoad,
};
