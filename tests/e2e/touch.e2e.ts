import { expect } from '@playwright/test';
import type { View } from '../../contract/view.schema.ts';
import { collectGallery } from '../support/gallery.ts';
import { test } from './support/face-fixture.ts';
import { Fingers, middleOf } from './support/touch.ts';

const GALLERY = await collectGallery({ locale: 'zh-Hans', size: 'S2', contrast: 'light', reach: 'normal' });
const VIEWS = new Map(GALLERY.map(({ name, view }) => [name, view]));

function sample(name: string): View {
  const view = VIEWS.get(name);
  if (!view) throw new Error(`no sample View ${name}`);
  return view;
}

const TOUCH = { orientation: 'portrait', touch: true } as const;

for (const driftPx of [30, 45]) {
  test(`a finger that drifts ${driftPx} px inside the key still counts`, async ({ open }) => {
    const face = await open(TOUCH);
    await face.show(sample('review'));
    const { x, y } = await middleOf(face.page, '去付款');
    await (
      await Fingers.on(face.page)
    ).stroke([
      { x, y },
      { x: x + driftPx / 2, y: y + 8 },
      { x: x + driftPx, y: y + 12 },
    ]);
    await expect.poll(() => face.intents()).toEqual([{ kind: 'next', page: sample('review').page }]);
  });
}

test('a palm resting on the glass does not block a tap', async ({ open }) => {
  const face = await open(TOUCH);
  await face.show(sample('review'));
  const at = await middleOf(face.page, '去付款');
  await (await Fingers.on(face.page)).tapWithPalm({ x: 200, y: 700 }, at);
  await expect.poll(() => face.intents()).toEqual([{ kind: 'next', page: sample('review').page }]);
});

test('a finger that slides off the key presses nothing', async ({ open }) => {
  const face = await open(TOUCH);
  await face.show(sample('review'));
  const { x, y } = await middleOf(face.page, '去付款');
  const fingers = await Fingers.on(face.page);
  await fingers.stroke([
    { x, y },
    { x, y: y - 100 },
    { x, y: y - 300 },
  ]);
  // a later tap elsewhere arrives alone: the slide left nothing behind
  await fingers.stroke([await middleOf(face.page, '返回')]);
  await expect.poll(() => face.intents()).toEqual([{ kind: 'back', page: sample('review').page }]);
});

test('the second half of a double tap does not answer the next page', async ({ open }) => {
  const face = await open(TOUCH);
  const first = sample('review');
  const second: View = { ...first, page: first.page + 1 };
  await face.show(first);
  const at = await middleOf(face.page, '去付款');
  const fingers = await Fingers.on(face.page);
  await fingers.stroke([at]);
  await expect.poll(() => face.intents()).toHaveLength(1);
  await face.show(second);
  await fingers.stroke([at]);
  // another spot is another intention, and is heard at once
  await fingers.stroke([await middleOf(face.page, '返回')]);
  await expect
    .poll(() => face.intents())
    .toEqual([
      { kind: 'next', page: first.page },
      { kind: 'back', page: second.page },
    ]);
});

test('a key that starts something is dead after its first press until the page changes', async ({ open }) => {
  const face = await open(TOUCH);
  await face.show(sample('greeting'));
  const fingers = await Fingers.on(face.page);
  const at = await middleOf(face.page, '是我');
  for (let tap = 0; tap < 4; tap++) await fingers.stroke([at]);
  await fingers.stroke([await middleOf(face.page, '大字')]);
  await expect
    .poll(() => face.intents())
    .toEqual([
      { kind: 'next', page: sample('greeting').page },
      { kind: 'set', page: sample('greeting').page, setting: 'size' },
    ]);
});

test('a touch anywhere starts, a touch on a language starts in it', async ({ open }) => {
  const face = await open(TOUCH);
  const fingers = await Fingers.on(face.page);
  await face.show(sample('attract'));
  await fingers.stroke([{ x: 540, y: 500 }]);
  await expect.poll(() => face.intents()).toEqual([{ kind: 'start', page: sample('attract').page }]);
  await face.forgetIntents();
  await face.show({ ...sample('attract'), page: 200 });
  await expect(face.page.getByRole('button', { name: 'English', exact: true })).toBeVisible();
  await fingers.stroke([await middleOf(face.page, 'English')]);
  await expect.poll(() => face.intents()).toEqual([{ kind: 'choose', page: 200, option: 'en' }]);
});

test('a plain keypad goes through a page: digits press badges, Enter the one thing to do', async ({ open }) => {
  const face = await open(TOUCH);
  await face.show(sample('home'));
  await face.page.keyboard.press('2');
  await expect.poll(() => face.intents()).toEqual([{ kind: 'choose', page: sample('home').page, option: 'parking' }]);
  await face.forgetIntents();
  await face.show(sample('plate'));
  for (const key of ['8', '8', '1', 'Backspace', '2', '6', 'Enter']) await face.page.keyboard.press(key);
  expect(await face.intents(), 'too short to be entered').toEqual([]);
  for (const key of ['7', 'Enter']) await face.page.keyboard.press(key);
  await expect.poll(() => face.intents()).toEqual([{ kind: 'enter', page: sample('plate').page, value: '粤A88267' }]);
});

test('the page cannot be left: chords, wheel zoom, menus, drops and navigation are swallowed', async ({ open }) => {
  const face = await open(TOUCH);
  await face.show(sample('home'));
  const prevented = await face.page.evaluate(() => {
    const events = [
      new KeyboardEvent('keydown', { key: 't', ctrlKey: true, cancelable: true, bubbles: true }),
      new KeyboardEvent('keydown', { key: 'F11', cancelable: true, bubbles: true }),
      new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, bubbles: true }),
      new KeyboardEvent('keydown', { key: 'ArrowLeft', altKey: true, cancelable: true, bubbles: true }),
      new KeyboardEvent('keydown', { key: 'Backspace', cancelable: true, bubbles: true }),
      new MouseEvent('contextmenu', { cancelable: true, bubbles: true }),
      new WheelEvent('wheel', { ctrlKey: true, cancelable: true, bubbles: true }),
      new DragEvent('drop', { cancelable: true, bubbles: true }),
      new DragEvent('dragstart', { cancelable: true, bubbles: true }),
    ];
    return events.map((event) => !document.body.dispatchEvent(event));
  });
  expect(prevented).toEqual(prevented.map(() => true));
  const before = face.page.url();
  await face.page.evaluate(() => void (location.href = 'https://example.org/'));
  await face.page.evaluate(() => history.pushState(null, '', '/elsewhere'));
  expect(face.page.url()).toBe(before);
});

test('a lost engine shows a calm page', async ({ open }) => {
  const face = await open(TOUCH);
  await face.show(sample('home'));
  await face.closePort();
  await expect(face.page.getByRole('heading', { level: 1 })).toHaveText('请稍等，马上就好');
});
