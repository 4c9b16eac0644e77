/** Everything the platform promises in memory is promised in a file, where batches are stored by a thread of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeBehaviour } from './test-support/behaviour-suites.ts';
import { keepPlatformsIn } from './test-support/running-platform.ts';

const folder = mkdtempSync(join(tmpdir(), 'platform-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
keepPlatformsIn(() => Promise.resolve(join(folder, `${(made += 1)}.sqlite`)));
describeBehaviour('in a file');
