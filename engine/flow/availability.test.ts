import { describe, expect, it } from 'vitest';
import type { ServiceDefinition } from '../../contract/service.schema.ts';
import { closureOf, readCatalogue } from '../sync/catalogue.ts';
import { standingNow, unavailableReason } from './availability.ts';
import type { FlowPorts } from './ports.ts';
import type { Speech } from './texts.ts';

const WORDS = { 'zh-Hans': '系统升级', 'zh-Hant': '系統升級', en: 'Being renewed' };
const parking = { id: 'parking' } as ServiceDefinition;

describe('a service that the office has closed', () => {
  const catalogue = readCatalogue({ closed: [{ service: 'parking', words: WORDS }] });
  const content = catalogue.ok ? catalogue.value : undefined;
  const ports = { closedByOffice: (service: string) => closureOf(content, service) } as unknown as FlowPorts;

  it.each(['zh-Hans', 'zh-Hant', 'en'] as const)('says so in the office’s own words: %s', (locale) => {
    expect(unavailableReason(parking, ports, { locale } as Speech)).toBe(WORDS[locale]);
    expect(standingNow(parking, ports)).toEqual({ state: 'stops', why: 'office' });
  });

  it.each([
    ['without words', { closed: [{ service: 'parking' }] }],
    [
      'twice',
      {
        closed: [
          { service: 'parking', words: WORDS },
          { service: 'parking', words: WORDS },
        ],
      },
    ],
    ['in another shape', { closed: 'parking' }],
    ['in nothing', undefined],
  ])('is not closed by a document that names it %s', (_what, wrong) => {
    expect(readCatalogue(wrong)).toMatchObject({ ok: false, problem: { code: 'publication.refused' } });
  });
});
