/** Words of the checks: is this the card's owner? */
import Type, { type Static } from 'typebox';

/** The fingers there are, thumb first; `right-thumb` is the one most people give. */
export const Finger = Type.Enum([
  'right-thumb',
  'right-index',
  'right-middle',
  'right-ring',
  'right-little',
  'left-thumb',
  'left-index',
  'left-middle',
  'left-ring',
  'left-little',
]);
export type Finger = Static<typeof Finger>;

/** What the camera page asks a person to do, so that a still picture is told from somebody who moves. */
export const FaceChallenge = Type.Enum(['turn-head', 'come-closer']);
export type FaceChallenge = Static<typeof FaceChallenge>;
/** What the camera page says about the picture, one at a time. */
export const FACE_HINTS = [
  'starting',
  'dark',
  'bright',
  'blurred',
  'centre',
  'hold',
  'turn-head',
  'come-closer',
  'still',
] as const;
export const FaceHint = Type.Enum(FACE_HINTS);
export type FaceHint = Static<typeof FaceHint>;
/** What becomes of the picture: one cropped JPEG, or the grey square that the signed model on this machine reads. */
export const FaceAdapter = Type.Enum(['remote', 'on-device']);
export type FaceAdapter = Static<typeof FaceAdapter>;
