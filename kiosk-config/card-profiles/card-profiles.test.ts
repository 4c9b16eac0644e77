import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { CardProfile } from '../../contract/card-profile.schema.ts';
import { parse } from '../../contract/check.ts';

const FILES = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.yaml'));

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const profile = parse(CardProfile, parseYaml(text, { schema: 'core' }));

  it('is a card profile named as its file', () => {
    expect(profile).toMatchObject({ ok: true, value: { id: file.replace('.yaml', '') } });
  });

  it('reads every field it requires, and none beyond the end of its file', () => {
    if (!profile.ok) throw new Error(profile.problem.detail);
    const { reads, required } = profile.value;
    const named = reads.flatMap((read) =>
      read.kind === 'binary' ? read.fields.map(({ name }) => name) : [read.field],
    );
    expect(named).toEqual(expect.arrayContaining(required));
    for (const read of reads) {
      if (read.kind !== 'binary') continue;
      for (const field of read.fields) expect(field.offset + field.lengthBytes).toBeLessThanOrEqual(read.lengthBytes);
    }
  });
});
