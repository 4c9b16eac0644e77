import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROBLEM_CODES, PROBLEMS } from '../../contract/problem.catalogue.ts';
import { problemTable } from './problem-table.ts';

it('the page of numbers in docs/operations is the catalogue’s', () => {
  const written = readFileSync(join(import.meta.dirname, '../../docs/operations/problems.md'), 'utf8');
  expect(written).toBe(problemTable());
});

it('no number stands for two problems', () => {
  const numbers = PROBLEM_CODES.map((code) => PROBLEMS[code].number);
  expect(new Set(numbers).size).toBe(numbers.length);
});
