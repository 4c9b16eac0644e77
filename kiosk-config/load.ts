/**
 * Reads one terminal's whole configuration and checks every file on arrival. The first fault ends it with
 * `kiosk.badConfig` naming file and key; nothing half-read is ever used.
 */
import type { Static, TSchema } from 'typebox';
import { parse as parseYaml } from 'yaml';
import { CardProfile } from '../contract/card-profile.schema.ts';
import { parse } from '../contract/check.ts';
import { fail, ok, type Result } from '../contract/outcome.schema.ts';
import { ServiceDefinition, type StepDefinition } from '../contract/service.schema.ts';
import type { Locale } from '../contract/view.schema.ts';
import { CLAIM_TEMPLATE, ReceiptTemplate } from './receipt-template.schema.ts';
import { SiteProfile } from './site.schema.ts';

/** The text of `kiosk-config/<path>`; undefined when there is no such file. */
export type ReadConfigText = (path: string) => string | undefined;

export type LocaleTree = { readonly [key: string]: string | LocaleTree };

export interface KioskConfig {
  readonly site: SiteProfile;
  readonly services: readonly ServiceDefinition[];
  readonly templates: Readonly<Record<string, ReceiptTemplate>>;
  readonly cardProfiles: readonly CardProfile[];
  readonly locales: Readonly<Record<Locale, LocaleTree>>;
}

const LOCALES: readonly Locale[] = ['zh-Hans', 'zh-Hant', 'en'];

/** Carries a fault up through the reading below; it never leaves this file. */
class ConfigFault extends Error {}

export function loadKioskConfig(siteId: string, read: ReadConfigText): Result<KioskConfig> {
  try {
    return ok(loadAll(siteId, read));
  } catch (error) {
    if (error instanceof ConfigFault) return fail('kiosk.badConfig', error.message);
    throw error;
  }
}

function loadAll(siteId: string, read: ReadConfigText): KioskConfig {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(siteId)) throw new ConfigFault(`site: "${siteId}" is not a site name`);
  const site = loadOne(`sites/${siteId}.yaml`, SiteProfile, read);
  const services = site.services.map((id) => loadOne(`services/${id}.yaml`, ServiceDefinition, read));
  const templateIds = services.flatMap((service) =>
    service.steps.flatMap(({ kind, ...step }) =>
      'template' in step ? [step.template] : kind === 'pay' ? [CLAIM_TEMPLATE] : [],
    ),
  );
  const templates = [...new Set(templateIds)].map((id) => loadOne(`receipts/${id}.yaml`, ReceiptTemplate, read));
  for (const service of services) checkSteps(service);
  return {
    site,
    services,
    templates: Object.fromEntries(templates.map((template) => [template.id, template])),
    cardProfiles: site.cardProfiles.map((id) => loadOne(`card-profiles/${id}.yaml`, CardProfile, read)),
    locales: Object.fromEntries(LOCALES.map((locale) => [locale, loadLocale(locale, read)])) as Record<
      Locale,
      LocaleTree
    >,
  };
}

function loadOne<Schema extends TSchema>(path: string, schema: Schema, read: ReadConfigText): Static<Schema> {
  const parsed = parse(schema, readYaml(path, read));
  if (!parsed.ok) throw new ConfigFault(`${path}: ${parsed.problem.detail ?? ''}`);
  return parsed.value;
}

function readYaml(path: string, read: ReadConfigText): unknown {
  const text = read(path);
  if (text === undefined) throw new ConfigFault(`${path}: there is no such file`);
  try {
    return parseYaml(text) as unknown;
  } catch (error) {
    throw new ConfigFault(`${path}: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** A step may only name steps before it: that is where its answers come from. Another way on is a step behind it. */
function checkSteps(service: ServiceDefinition): void {
  const seen = new Set<string>();
  for (const step of service.steps) {
    const faulty = sourcesOf(step).find((name) => !seen.has(name));
    if (faulty !== undefined)
      throw new ConfigFault(
        `services/${service.id}.yaml: step ${step.id} names ${faulty}, which is not a step before it`,
      );
    const behind = service.steps.slice(service.steps.indexOf(step) + 1).map(({ id }) => id);
    const astray = waysOf(step).find((name) => !behind.includes(name));
    if (astray !== undefined)
      throw new ConfigFault(
        `services/${service.id}.yaml: step ${step.id} leads to ${astray}, which is not a step behind it`,
      );
    if (seen.has(step.id)) throw new ConfigFault(`services/${service.id}.yaml: two steps are called ${step.id}`);
    seen.add(step.id);
  }
}

function sourcesOf(step: StepDefinition): readonly string[] {
  const answers = (['fill', 'price', 'choose', 'identify'] as const).flatMap((key) =>
    key in step ? [(step as unknown as Record<typeof key, string>)[key]] : [],
  );
  return 'unless' in step && step.unless ? [...answers, ...step.unless] : answers;
}

function waysOf(step: StepDefinition): readonly string[] {
  if (!('identify' in step)) return [];
  return [step.instead, step.ticket].filter((name) => name !== undefined);
}

function loadLocale(locale: Locale, read: ReadConfigText): LocaleTree {
  const path = `locales/${locale}.yaml`;
  const tree = readYaml(path, read);
  const fault = firstNotText(tree, '');
  if (fault !== undefined) throw new ConfigFault(`${path}: ${fault} must be a text`);
  return tree as LocaleTree;
}

function firstNotText(tree: unknown, path: string): string | undefined {
  if (typeof tree === 'string') return undefined;
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) return path || '/';
  for (const [key, value] of Object.entries(tree)) {
    const fault = firstNotText(value, `${path}/${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
