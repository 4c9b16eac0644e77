/**
 * Expected failures are values, so a call whose Result or Outcome is not looked at swallows a failure. `void call()` says
 * that it is meant.
 */
import ts from 'typescript';
import { findingAt, isProduct, walk, type Rule } from './rule.ts';

export const droppedResult: Rule = {
  name: 'dropped-result',
  appliesTo: isProduct,
  check: ({ source, checker }) =>
    [...walk(source)]
      .filter(ts.isExpressionStatement)
      .filter(
        ({ expression }) => isCallLike(expression) && isFailureValue(checker.getTypeAtLocation(expression), checker),
      )
      .map((node) => findingAt(source, node, 'drops a Result or Outcome: look at it, or write `void` before the call')),
};

function isCallLike(expression: ts.Expression): boolean {
  if (ts.isAwaitExpression(expression)) return isCallLike(expression.expression);
  return ts.isCallExpression(expression);
}

/** Result: a union told apart by `ok`. Outcome: one told apart by a `kind` of done, failed and unknown. */
function isFailureValue(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (!type.isUnion()) return false;
  const ok = literals(type, 'ok', checker);
  const kind = literals(type, 'kind', checker);
  return (ok.has('true') && ok.has('false')) || (kind.has('"done"') && kind.has('"failed"'));
}

function literals(union: ts.UnionType, property: string, checker: ts.TypeChecker): ReadonlySet<string> {
  return new Set(
    union.types.flatMap((member) => {
      const symbol = member.getProperty(property);
      return symbol ? [checker.typeToString(checker.getTypeOfSymbol(symbol))] : [];
    }),
  );
}
