/** The page's content policy forbids eval and raw markup; so does this rule, before the browser does. */
import ts from 'typescript';
import { findingAt, isProduct, walk, type Rule } from './rule.ts';

const NAMES = new Set(['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'dangerouslySetInnerHTML', 'srcdoc', 'srcDoc']);

export const rawMarkup: Rule = {
  name: 'raw-markup',
  appliesTo: (path) => isProduct(path) && path.startsWith('renderer/'),
  check: ({ source }) =>
    [...walk(source)]
      .filter((node) => ts.isIdentifier(node) && NAMES.has(node.text))
      .map((node) => findingAt(source, node, 'markup from a string: let React build the nodes')),
};
