/** A rule may be switched off for one line, by someone who says why. */
import { isCommentWithoutReason } from './disable-comment.ts';
import type { Rule } from './rule.ts';

export const reasonedDisable: Rule = {
  name: 'reasoned-disable',
  appliesTo: () => true,
  check: ({ source }) =>
    source.text
      .split('\n')
      .flatMap((text, index) =>
        isCommentWithoutReason(text)
          ? [{ line: index + 1, message: 'write the reason after ` -- `, and disable one line only' }]
          : [],
      ),
};
