/** An image in the hands of the ledger itself, which must know of everything it ever said. */
import { cpSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import { tryOut, type Wrong } from '../support/try-out.ts';
import type { ImageDirectory } from './image-directory.ts';
import type { LifePaths } from './life.ts';
import type { SaidSoFar, Versions } from './said.ts';

export function reopenFully(image: ImageDirectory, recorded: LifePaths, said: SaidSoFar): Wrong | undefined {
  const copy = `${image.root}-reopened`;
  cpSync(image.root, copy, { recursive: true });
  try {
    const at = (path: string): string => join(copy, relative(recorded.directory, path));
    const files = { path: at(recorded.path), blackBoxPath: at(recorded.blackBoxPath) };
    return tryOut(files, said.index, (ledger) => firstMissing(ledger, said));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function firstMissing(ledger: Ledger, { index, versions, mayBePruned }: SaidSoFar): Wrong | undefined {
  for (const [id, all] of versions) {
    const found = ledger.txn(id);
    const isGone = mayBePruned && found.state === 'created';
    if (isGone || isOneOf(found, all, index)) continue;
    return { kind: 'lost', detail: `${id} is ${found.state}, which is not what was said of it` };
  }
  return undefined;
}

/** The last version said by then, or a later one that was on its way. */
function isOneOf(found: { readonly state: string }, versions: Versions, index: number): boolean {
  const last = versions.findLastIndex((version) => version.index <= index + 1);
  if (last < 0 && found.state === 'created') return true;
  return versions.slice(Math.max(0, last)).some(({ txn }) => isDeepStrictEqual(found, txn));
}
