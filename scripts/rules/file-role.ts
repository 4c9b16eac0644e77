/** The name says what a file is: kebab-case, then at most a known role. A misspelt role would escape its own rules. */
import type { Finding, Rule } from './rule.ts';

const ROLES = [
  'catalogue',
  'client',
  'codec',
  'config',
  'context',
  'd',
  'driver',
  'e2e',
  'effect',
  'entry',
  'fold',
  'int.test',
  'journey.test',
  'link',
  'machine',
  'main',
  'module',
  'projection',
  'prop.test',
  'protocol',
  'rpc',
  'schema',
  'server',
  'shim',
  'simulator',
  'spec',
  'step',
  'style',
  'subjects',
  'system',
  'test',
  'test-support',
  'types',
];
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export const fileRole: Rule = {
  name: 'file-role',
  appliesTo: () => true,
  check: ({ path }) => nameFindings(path.slice(path.lastIndexOf('/') + 1)),
};

export function nameFindings(fileName: string): readonly Finding[] {
  const [stem = '', ...rest] = fileName.replace(/\.tsx?$/, '').split('.');
  if (!NAME.test(stem)) return [{ line: 1, message: `${fileName} is not in kebab-case` }];
  const role = rest.join('.');
  if (role === '' || ROLES.includes(role)) return [];
  // `home.view.test.ts` is the test of `home.view.ts`, `css.d.ts` declares `css`
  const tested = /^(?<subject>[a-z-]+)\.(?:prop\.test|int\.test|test|d)$/.exec(role)?.groups?.['subject'];
  if (tested !== undefined && ROLES.includes(tested)) return [];
  return [{ line: 1, message: `.${role} is no known role (known: ${ROLES.join(', ')})` }];
}
