import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEVICE_CLASSES } from '../../../contract/devices/device-classes.ts';

const DRIVERS = join(import.meta.dirname, '..', '..');
/** An IPP printer is asked over HTTP, not over a wire of bytes; its own conformance tests stand beside its driver. */
const OVER_HTTP = ['document-printer'];

it.each(Object.keys(DEVICE_CLASSES))('%s runs the conformance suite', (name) => {
  expect(readdirSync(join(DRIVERS, name))).toContain('conformance.test.ts');
  if (OVER_HTTP.includes(name)) return;
  expect(readFileSync(join(DRIVERS, name, 'conformance.test.ts'), 'utf8')).toContain('defineConformance(SUBJECTS)');
});
