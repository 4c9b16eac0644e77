/** Law 5: `new Date()` reads the clock. `new Date(instant)` only converts and is fine. The linter sees the rest. */
import ts from 'typescript';
import { findingAt, isCompositionRoot, isProduct, walk, type Rule } from './rule.ts';

export const directTime: Rule = {
  name: 'direct-time',
  appliesTo: (path) => isProduct(path) && !isCompositionRoot(path),
  check: ({ source }) =>
    [...walk(source)]
      .filter(readsTheClock)
      .map((node) => findingAt(source, node, 'reads the clock: take the time from the Clock you were handed')),
};

function readsTheClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return isDate(node.expression) && (node.arguments ?? []).length === 0;
  return ts.isCallExpression(node) && isDate(node.expression);
}

function isDate(expression: ts.Expression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'Date';
}
