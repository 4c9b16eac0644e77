/** Sets custom properties on one element by script: inline style attributes are forbidden by the content policy. */
import { useLayoutEffect, useRef, type RefObject } from 'react';

export function useCssVariables<Element extends HTMLElement>(
  variables: Readonly<Record<`--${string}`, string>>,
): RefObject<Element | null> {
  const ref = useRef<Element>(null);
  useLayoutEffect(() => {
    for (const [name, value] of Object.entries(variables)) ref.current?.style.setProperty(name, value);
  });
  return ref;
}
