/** Electron grants everything unless told. Granted here: the camera, to our own page, while it shows the face check. */
import type { Session } from 'electron';
import { isKioskUrl } from './app-url.ts';

export interface PermissionQuestion {
  readonly permission: string;
  /** Of the frame that asks. */
  readonly requestingUrl: string;
  readonly isMainFrame: boolean;
  /** For `media`: what is asked for. Empty or unknown means refused. */
  readonly mediaTypes: readonly string[];
  /** Whether the page that the engine shows now is the one with the camera; by the engine's word, not the page's. */
  readonly isCameraPage: boolean;
}

export function isGranted(question: PermissionQuestion): boolean {
  if (question.permission !== 'media' || !question.isMainFrame || !isKioskUrl(question.requestingUrl)) return false;
  return (
    question.isCameraPage && question.mediaTypes.length > 0 && question.mediaTypes.every((type) => type === 'video')
  );
}

export function lockPermissions(session: Session, isCameraPage: () => boolean): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const mediaTypes = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    callback(
      isGranted({
        permission,
        requestingUrl: details.requestingUrl,
        isMainFrame: details.isMainFrame,
        mediaTypes,
        isCameraPage: isCameraPage(),
      }),
    );
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    isGranted({
      permission,
      requestingUrl: details.requestingUrl ?? requestingOrigin,
      isMainFrame: details.isMainFrame,
      mediaTypes: details.mediaType === undefined ? [] : [details.mediaType],
      isCameraPage: isCameraPage(),
    }),
  );
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
}
