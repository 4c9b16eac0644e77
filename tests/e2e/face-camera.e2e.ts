/** The camera page before chromium's fake camera, which plays films drawn by arithmetic: no person is looked at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { parse } from '../../contract/check.ts';
import { Intent } from '../../contract/intent.schema.ts';
import type { FaceAdapter } from '../../contract/check.schema.ts';
import type { View } from '../../contract/view.schema.ts';
import { buildRenderer } from '../../scripts/build-renderer.ts';
import { securityHeaders } from '../../shell/security-headers.ts';
import type { SceneName } from '../support/fake-camera/scenes.ts';
import { writeFilm } from '../support/fake-camera/y4m.ts';
import { collectGallery } from '../support/gallery.ts';
import { CHROMIUM, CHROMIUM_ARGS, ORIENTATIONS } from './support/browser.ts';
import { openFace, type Face } from './support/page-with-view.ts';
import { serveFolder } from './support/static-server.ts';

const gallery = await collectGallery({ locale: 'zh-Hans', size: 'S2', contrast: 'light', reach: 'normal' });

function viewOf(name: string): View {
  const found = gallery.find((each) => each.name === name);
  if (!found) throw new Error(`there is no View ${name}`);
  return found.view;
}

function cameraView(adapter: FaceAdapter, seconds: number): View {
  const view = viewOf('face-camera');
  if (view.screen.kind !== 'face-camera') throw new Error('not the camera page');
  return { ...view, screen: { ...view.screen, adapter, seconds } };
}

interface Setup {
  readonly face: Face;
  readonly page: Page;
}

/** The page under the real content policy, with a camera that plays the scene; without one, there is no camera at all. */
async function withCamera(folder: string, scene: SceneName | undefined, run: (setup: Setup) => Promise<void>) {
  const films = mkdtempSync(join(tmpdir(), 'kiosk-film-'));
  let browser: Browser | undefined;
  const policy = securityHeaders(undefined)['Content-Security-Policy'] ?? null;
  const site = await serveFolder(folder, policy);
  try {
    const film = join(films, 'film.y4m');
    if (scene) writeFilm(film, scene);
    const media = scene
      ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`]
      : ['--use-fake-device-for-media-stream=device-count=0'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS, ...media] });
    const context = await browser.newContext({
      viewport: ORIENTATIONS.portrait,
      reducedMotion: 'reduce',
      permissions: scene ? ['camera'] : [],
    });
    const face = await openFace(context, site.url);
    await run({ face, page: face.page });
    expect(await face.violations(), 'content policy').toEqual([]);
  } finally {
    await browser?.close();
    await site.close();
    rmSync(films, { recursive: true, force: true });
  }
}

async function answerOf(face: Face): Promise<Extract<Intent, { kind: 'face' }>> {
  await expect.poll(() => face.intents().then((intents) => intents.length), { timeout: 120_000 }).toBe(1);
  const [intent] = await face.intents();
  const checked = parse(Intent, intent);
  if (!checked.ok || checked.value.kind !== 'face')
    throw new Error(`no answer of the camera page: ${JSON.stringify(intent)}`);
  return checked.value;
}

/** Tracks of the page's video that are still running. */
function liveTracks(page: Page): Promise<number> {
  return page.evaluate(() => {
    const stream = document.querySelector('video')?.srcObject;
    return stream instanceof MediaStream ? stream.getTracks().filter((track) => track.readyState === 'live').length : 0;
  });
}

const FOLDER = join('dist', `renderer-camera-${process.pid}`);
test.beforeAll(() => buildRenderer(FOLDER));
test.afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test.describe('the camera page', () => {
  test('answers with one cropped JPEG of somebody who did what was asked, and the camera is off', async () => {
    await withCamera(FOLDER, 'person', async ({ face, page }) => {
      await face.show(cameraView('remote', 60));
      const { result } = await answerOf(face);
      if (result.seen !== 'face') throw new Error(`seen: ${result.seen}`);
      const bytes = Buffer.from(result.picture, 'base64');
      expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      expect(result.picture.length).toBeLessThan(60_000);
      expect(await liveTracks(page)).toBe(0);
    });
  });

  test('answers with 96 x 96 grey bytes for the model on this machine', async () => {
    await withCamera(FOLDER, 'person', async ({ face }) => {
      await face.show(cameraView('on-device', 60));
      const { result } = await answerOf(face);
      if (result.seen !== 'face') throw new Error(`seen: ${result.seen}`);
      expect(Buffer.from(result.picture, 'base64')).toHaveLength(96 * 96);
    });
  });

  for (const scene of ['photo', 'waved-photo', 'dark'] as const)
    test(`sends no picture of a fake: ${scene}`, async () => {
      await withCamera(FOLDER, scene, async ({ face, page }) => {
        await face.show(cameraView('remote', 14));
        if (scene === 'dark') await expect(page.getByRole('status')).toHaveText('太暗了，请面向亮光');
        const { result } = await answerOf(face);
        expect(result).toEqual({ seen: 'notLive' });
        expect(await liveTracks(page)).toBe(0);
      });
    });

  test('says so when there is no camera, and the other ways stay in reach', async () => {
    await withCamera(FOLDER, undefined, async ({ face, page }) => {
      await face.show(cameraView('remote', 30));
      expect((await answerOf(face)).result).toEqual({ seen: 'noCamera' });
      await expect(page.getByRole('button', { name: '不看镜头' })).toBeVisible();
    });
  });

  test('switches the camera off in the moment the page goes, and answers nothing', async () => {
    // a photo: the check can say nothing before its time is over, however slow the machine is
    await withCamera(FOLDER, 'photo', async ({ face, page }) => {
      await face.show(cameraView('remote', 60));
      await expect.poll(() => liveTracks(page)).toBe(1);
      const track = await page.evaluateHandle(() => {
        const stream = document.querySelector('video')?.srcObject as MediaStream;
        return stream.getVideoTracks()[0] as MediaStreamTrack;
      });
      await face.show(viewOf('home-without-card'));
      // the page is drawn in its own time; from the moment it is gone no picture may be taken
      await expect(page.locator('video')).toHaveCount(0);
      expect(await track.evaluate(({ readyState }) => readyState)).toBe('ended');
      expect(await face.intents()).toEqual([]);
    });
  });
});
