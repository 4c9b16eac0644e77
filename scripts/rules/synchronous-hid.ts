/** node-hid's synchronous class can crash the process when it is closed during a read; only the asynchronous one is used. */
import ts from 'typescript';
import { findingAt, walk, type Rule } from './rule.ts';

export const synchronousHid: Rule = {
  name: 'synchronous-hid',
  appliesTo: () => true,
  check: ({ source }) =>
    [...walk(source)]
      .filter((node) => ts.isNewExpression(node) && /(^|\.)HID$/.test(node.expression.getText(source)))
      .map((node) => findingAt(source, node, 'the synchronous HID class: open with HIDAsync.open')),
};
