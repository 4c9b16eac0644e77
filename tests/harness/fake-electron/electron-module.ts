/** Maps `import ... from 'electron'` in a built main file to the fake of its own run (`main.mjs?run=N`). */
import { registerHooks } from 'node:module';

const SCHEME = 'fake-electron:';
const modules = new Map<string, Readonly<Record<string, unknown>>>();
/** Where the generated module finds its objects; the loader can only hand over text. */
Object.assign(globalThis, { fakeElectronModules: modules });

let isRegistered = false;
let runs = 0;

export function provideElectron(electron: Readonly<Record<string, unknown>>): string {
  if (!isRegistered) registerHooks({ resolve: resolveElectron, load: loadElectron });
  isRegistered = true;
  runs += 1;
  modules.set(String(runs), electron);
  return String(runs);
}

type Hooks = Parameters<typeof registerHooks>[0];

const resolveElectron: NonNullable<Hooks['resolve']> = (specifier, context, next) => {
  const run = /[?&]run=(\d+)$/.exec(context.parentURL ?? '')?.[1];
  if (specifier !== 'electron' || run === undefined) return next(specifier, context);
  return { url: `${SCHEME}${run}`, format: 'module', shortCircuit: true };
};

const loadElectron: NonNullable<Hooks['load']> = (url, context, next) => {
  if (!url.startsWith(SCHEME)) return next(url, context);
  const run = url.slice(SCHEME.length);
  const names = Object.keys(modules.get(run) ?? {});
  const source = `const electron = globalThis.fakeElectronModules.get('${run}');
export const { ${names.join(', ')} } = electron;`;
  return { format: 'module', source, shortCircuit: true };
};
