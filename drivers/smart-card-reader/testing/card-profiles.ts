/** The profiles that are shipped, as the driver gets them. */
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { CardProfile } from '../../../contract/card-profile.schema.ts';
import { parse } from '../../../contract/check.ts';

export type ShippedProfile = 'livelihood-demo' | 'social-security' | 'city-union' | 't-union' | 'lingnan-pass';

export function shippedProfile(id: ShippedProfile): CardProfile {
  const path = new URL(`../../../kiosk-config/card-profiles/${id}.yaml`, import.meta.url);
  const profile = parse(CardProfile, parseYaml(readFileSync(path, 'utf8'), { schema: 'core' }));
  if (!profile.ok) throw new Error(profile.problem.detail);
  return profile.value;
}
