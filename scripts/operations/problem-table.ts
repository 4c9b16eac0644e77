/** The table a maintainer looks a number up in, made from the catalogue so that it cannot go stale. */
import { PROBLEM_CODES, PROBLEMS } from '../../contract/problem.catalogue.ts';

export function problemTable(): string {
  const rows = PROBLEM_CODES.map((code) => {
    const { number, maintainer, next } = PROBLEMS[code];
    return `| ${number} | \`${code}\` | ${maintainer} | ${next} |`;
  });
  return [
    '# What the numbers on the screen mean',
    '',
    'Made from `contract/problem.catalogue.ts` by `npm run format`; a test fails when the two differ.',
    '',
    '| number | code | what is wrong | what to do |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
