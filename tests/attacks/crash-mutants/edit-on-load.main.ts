/** Given to `node --import`: the modules of the process get the bug of the environment. */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { edited } from './make-edits.ts';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith('file:')) return loaded;
    const source = edited(fileURLToPath(url), () => Buffer.from(loaded.source as Uint8Array).toString());
    return source === undefined ? loaded : { ...loaded, source };
  },
});
