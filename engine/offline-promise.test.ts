import { describe, expect, it } from 'vitest';
import { demoConfig } from '../tests/support/flow-bench.ts';
import { checkOfflinePromises } from './offline-promise.ts';

const { services } = demoConfig();

describe('what a service promises about the cut line', () => {
  it('is what its steps can keep, in the catalogue', () => {
    expect(checkOfflinePromises(services)).toEqual({ ok: true, value: undefined });
  });

  it.each(services.map((service) => service.id))('is refused when it is the other way round: %s', (id) => {
    const turned = services.map((service) => (service.id === id ? { ...service, offline: !service.offline } : service));
    expect(checkOfflinePromises(turned)).toMatchObject({
      ok: false,
      problem: { code: 'kiosk.badConfig', detail: expect.stringContaining(`services/${id}.yaml`) as string },
    });
  });
});
