import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../contract/problem.catalogue.ts';
import { loadKioskConfig, type LocaleTree, type ReadConfigText } from './load.ts';
import { readConfigFiles } from './read-files.system.ts';

const read = readConfigFiles(import.meta.dirname);

function changed(path: string, change: (text: string) => string): ReadConfigText {
  return (asked) => {
    const text = read(asked);
    return asked === path && text !== undefined ? change(text) : text;
  };
}

function detail(site: string, reader: ReadConfigText): string {
  const loaded = loadKioskConfig(site, reader);
  if (loaded.ok) return 'loaded';
  expect(loaded.problem.code).toBe('kiosk.badConfig');
  return loaded.problem.detail ?? '';
}

function keysOf(tree: LocaleTree, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${path}${key}`] : keysOf(value, `${path}${key}.`),
  );
}

function placeholders(tree: LocaleTree, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [...value.matchAll(/\{\{(\w+)\}\}/g)].map((match) => `${path}${key}:${match[1]}`).toSorted()
      : placeholders(value, `${path}${key}.`),
  );
}

describe('the demonstration site', () => {
  const loaded = loadKioskConfig('demo-village', read);
  if (!loaded.ok) throw new Error(loaded.problem.detail);
  const { locales } = loaded.value;

  it('says the same things, with the same values in them, in all three languages', () => {
    for (const locale of ['zh-Hant', 'en'] as const) {
      expect(keysOf(locales[locale]).toSorted()).toEqual(keysOf(locales['zh-Hans']).toSorted());
      expect(placeholders(locales[locale]).toSorted()).toEqual(placeholders(locales['zh-Hans']).toSorted());
    }
  });

  it('has a sentence and a next step for a resident for every problem there is', () => {
    const keys = new Set(keysOf(locales['zh-Hans']));
    const wanted = PROBLEM_CODES.flatMap((code) => [`problem.${code}.title`, `problem.${code}.whatToDo`]);
    expect(wanted.filter((key) => !keys.has(key))).toEqual([]);
    expect([...keys].filter((key) => key.startsWith('problem.') && !wanted.includes(key))).toEqual([]);
  });

  it('keeps numbers and codes out of the headings of its problems', () => {
    const headings = keysOf(locales.en).filter((key) => key.endsWith('.title') && key.startsWith('problem.'));
    expect(headings.length).toBeGreaterThan(30);
    for (const locale of ['zh-Hans', 'zh-Hant', 'en'] as const)
      expect(JSON.stringify(locales[locale]['problem'])).not.toMatch(/KP-\d/);
  });
});

describe('a configuration with a fault', () => {
  it('names file and wrong key', () => {
    const reader = changed('sites/demo-village.yaml', (text) => text.replace('helperPhone:', 'helperFone:'));
    expect(detail('demo-village', reader)).toMatch(/^sites\/demo-village\.yaml: \/station(\/helperFone)? /);
  });

  it('names the file that is not there', () => {
    expect(detail('no-village', read)).toBe('sites/no-village.yaml: there is no such file');
  });

  it('does not follow a site name out of its folder', () => {
    expect(detail('../../etc/passwd', read)).toContain('is not a site name');
  });

  it('names the line of broken YAML', () => {
    const reader = changed('services/parking.yaml', (text) => `${text}\n  - {`);
    expect(detail('demo-village', reader)).toMatch(/^services\/parking\.yaml: .*line \d+/);
  });

  it('refuses a step that takes its answer from a step after it', () => {
    const reader = changed('services/parking.yaml', (text) => text.replace('price: fee }', 'price: receipt }'));
    expect(detail('demo-village', reader)).toBe(
      'services/parking.yaml: step check names receipt, which is not a step before it',
    );
  });

  it('refuses another way on that leads back', () => {
    const reader = changed('services/collect-card.yaml', (text) => text.replace('instead: face', 'instead: card'));
    expect(detail('demo-village', reader)).toBe(
      'services/collect-card.yaml: step finger leads to card, which is not a step behind it',
    );
  });

  it('refuses a proof that is taken from a step after it', () => {
    const reader = changed('services/collect-card.yaml', (text) => text.replace('[finger, face]', '[slip]'));
    expect(detail('demo-village', reader)).toBe(
      'services/collect-card.yaml: step code names slip, which is not a step before it',
    );
  });

  it('refuses a text that is no text', () => {
    const reader = changed('locales/en.yaml', (text) => text.replace('back: Back', 'back: 7'));
    expect(detail('demo-village', reader)).toBe('locales/en.yaml: /action/back must be a text');
  });
});

describe('reading files', () => {
  it('tells a missing file from an empty one', () => {
    expect(readConfigFiles(join(import.meta.dirname, 'nowhere'))('x.yaml')).toBeUndefined();
  });
});
