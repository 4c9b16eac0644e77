/**
 * Which files of the built renderer may be served. The path is compared raw, never decoded: no built file has a name that
 * needs escaping, so whatever holds `%`, `\`, `..` or NUL is not one of ours. A symbolic link that leads out is not
 * followed: the real path must lie inside the real directory.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

/** Segments begin with a letter, digit, `_` or `-`: no hidden files, no `.`, no `..`. */
const ASSET_PATH = /^\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.([a-z0-9]{2,5})$/;

export interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export interface AssetSource {
  /** Directory of the built renderer. */
  readonly rootDir: string;
  /** Pages the shell itself adds, by path; they come before files. */
  readonly own: ReadonlyMap<string, Asset>;
}

/** The asset at a URL path (`/index.html`), or undefined when there is none to be given. Never rejects. */
export async function readAsset(source: AssetSource, urlPath: string): Promise<Asset | undefined> {
  const own = source.own.get(urlPath);
  if (own) return own;
  const extension = ASSET_PATH.exec(urlPath)?.[1];
  if (extension === undefined || !Object.hasOwn(TYPE_OF_EXTENSION, extension)) return undefined;
  const type = TYPE_OF_EXTENSION[extension] as string;
  try {
    const root = await realpath(source.rootDir);
    const file = await realpath(join(root, urlPath));
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return undefined;
    return { type, body: new Uint8Array(await readFile(file)) };
  } catch {
    return undefined; // not there, or not readable: the same answer to a page
  }
}
