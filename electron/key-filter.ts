/** Keys are stopped before the page, and before the shortcuts of chromium and of the menu, see them. */
import type { WebContents } from 'electron';
import { isKeyAllowed } from '../shell/key-table.ts';

export function filterKeys(contents: WebContents): void {
  contents.on('before-input-event', (event, input) => {
    if (!isKeyAllowed(input)) event.preventDefault();
  });
}
