/** An object that has what is modelled and throws on everything else, so that nothing passes by accident. */

/** What the language itself looks for on any object. */
const ASKED_BY_THE_LANGUAGE = new Set<string>([
  'then',
  'toJSON',
  'constructor',
  'asymmetricMatch',
  'nodeType',
  '$$typeof',
]);

export function strict<Model extends object>(name: string, model: Model): Model {
  return new Proxy(model, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && !ASKED_BY_THE_LANGUAGE.has(key)) {
        throw new Error(`fake-electron: ${name}.${key} is not modelled`);
      }
      const value: unknown = Reflect.get(target, key);
      // private fields are reached on the model, not on the proxy
      if (typeof value !== 'function' || isClass(value)) return value;
      return (value as () => unknown).bind(target);
    },
    set(_target, key) {
      throw new Error(`fake-electron: ${name}.${String(key)} cannot be set`);
    },
  });
}

function isClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith('class');
}

/** Electron clones, Playwright and JSON bend: only what all three carry unchanged may cross. */
export function assertPlain(value: unknown): void {
  if (value === null || value === undefined || ['string', 'number', 'boolean'].includes(typeof value)) return;
  if (typeof value !== 'object') throw new Error('An object could not be cloned.');
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw new Error('fake-electron: only plain JSON may cross a process');
  }
  for (const entry of Object.values(value)) assertPlain(entry);
}
