/** The camera: on while somebody looks at the page that asked for it, off in the same moment it goes. Nothing is recorded. */
import { FACE_PICTURE_LIMIT } from '../../contract/intent.schema.ts';
import { SIDE, type GreyFrame } from './gates.ts';

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: 'user', width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15 } },
};
/** Side of the picture that is sent, pixels: a face of 150 pixels and more between its ears is what matchers ask for. */
const PICTURE_SIDE = 320;
/** Tried in this order until the picture fits into one message. */
const JPEG_QUALITIES = [0.85, 0.7, 0.5];

export interface Camera {
  /** The middle square, small and grey; undefined until the first picture has come. */
  frame(): GreyFrame | undefined;
  /** The middle square as JPEG, base64. Undefined when the browser makes none that fits. */
  jpeg(): Promise<string | undefined>;
  /** Calls back when the camera is unplugged or taken away. */
  onGone(listener: () => void): void;
  /** Idempotent: the lamp beside the lens is out afterwards. */
  stop(): void;
}

/** Undefined when there is no camera, or none may be used. */
export async function openCamera(video: HTMLVideoElement, isWanted: () => boolean): Promise<Camera | undefined> {
  // Not there in a page without a secure origin.
  const media = (navigator as Partial<Navigator>).mediaDevices;
  const stream = await media?.getUserMedia(WANTED).catch(() => undefined);
  if (!stream) return undefined;
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  if (!isWanted()) {
    stop();
    return undefined;
  }
  video.srcObject = stream;
  await video.play().catch(() => undefined);
  const small = canvasOf(SIDE);
  return {
    frame() {
      if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return undefined;
      const paint = small.getContext('2d', { willReadFrequently: true });
      if (!paint) return undefined;
      drawMiddle(paint, video, SIDE);
      const { data } = paint.getImageData(0, 0, SIDE, SIDE);
      const grey = new Uint8Array(SIDE * SIDE);
      // Rec. 601 weights, in 1/256.
      for (let at = 0; at < grey.length; at += 1)
        grey[at] = ((data[4 * at] ?? 0) * 77 + (data[4 * at + 1] ?? 0) * 150 + (data[4 * at + 2] ?? 0) * 29) >> 8;
      return { side: SIDE, grey };
    },
    async jpeg() {
      const large = canvasOf(PICTURE_SIDE);
      const paint = large.getContext('2d');
      if (!paint) return undefined;
      drawMiddle(paint, video, PICTURE_SIDE);
      const picture = await fittingJpeg(large);
      paint.clearRect(0, 0, PICTURE_SIDE, PICTURE_SIDE);
      return picture;
    },
    onGone(listener) {
      for (const track of stream.getTracks()) track.addEventListener('ended', listener, { once: true });
    },
    stop() {
      stop();
      small.getContext('2d')?.clearRect(0, 0, SIDE, SIDE);
    },
  };
}

async function fittingJpeg(canvas: HTMLCanvasElement): Promise<string | undefined> {
  for (const quality of JPEG_QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    const picture = blob && base64Of(new Uint8Array(await blob.arrayBuffer()));
    if (picture && picture.length <= FACE_PICTURE_LIMIT) return picture;
  }
  return undefined;
}

function canvasOf(side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  return canvas;
}

/** The largest square in the middle of the picture, onto the whole of the canvas. */
function drawMiddle(paint: CanvasRenderingContext2D, video: HTMLVideoElement, side: number): void {
  const edge = Math.min(video.videoWidth, video.videoHeight);
  const left = (video.videoWidth - edge) / 2;
  const top = (video.videoHeight - edge) / 2;
  paint.drawImage(video, left, top, edge, edge, 0, 0, side, side);
}

export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
