import { readFile } from 'node:fs/promises';

/** The whole of what is served; a path that is not here does not exist. */
const FILES: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
  '/page.js': { name: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/any-panel.js': { name: 'any-panel.js', type: 'text/javascript; charset=utf-8' },
  '/elements.js': { name: 'elements.js', type: 'text/javascript; charset=utf-8' },
  '/form.js': { name: 'form.js', type: 'text/javascript; charset=utf-8' },
  '/panels.js': { name: 'panels.js', type: 'text/javascript; charset=utf-8' },
  '/icon.svg': { name: 'icon.svg', type: 'image/svg+xml' },
};

export async function pageFile(
  path: string,
): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined> {
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!file) return undefined;
  return { type: file.type, body: await readFile(new URL(`page/${file.name}`, import.meta.url)) };
}
