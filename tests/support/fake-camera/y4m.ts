/** A scene as a film that chromium's fake camera plays in a loop (`--use-file-for-fake-video-capture`): YUV4MPEG2, grey. */
import { writeFileSync } from 'node:fs';
import { greyOf, SCENES, type SceneName } from './scenes.ts';

const SIDE = 96;
const FRAMES_A_SECOND = 10;
/** As long as the scene acts. */
const SECONDS = 8;

export function writeFilm(path: string, name: SceneName): void {
  const parts: Uint8Array[] = [Buffer.from(`YUV4MPEG2 W${SIDE} H${SIDE} F${FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n`)];
  const chroma = new Uint8Array((SIDE * SIDE) / 2).fill(128);
  for (let frame = 0; frame < SECONDS * FRAMES_A_SECOND; frame += 1)
    parts.push(Buffer.from('FRAME\n'), greyOf(SCENES[name], SIDE, (frame * 1_000) / FRAMES_A_SECOND), chroma);
  writeFileSync(path, Buffer.concat(parts));
}
