/**
 * The headers of everything the kiosk serves to its own page, the same on both hosts. The page may load its own files and
 * nothing else, and may not turn a string into code. It makes no request of its own: on Electron it reaches the engine by
 * the preload's bridge, on the browser host by one WebSocket.
 */

/** Powers a page could ask for. All off; the camera is for our own page only (face check). */
const POWERS_OFF = [
  'accelerometer',
  'autoplay',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];

/** `connectTo`: the one address the page may talk to (`ws://127.0.0.1:PORT`), or nothing. */
export function contentPolicy(connectTo: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "media-src 'self' blob:",
    `connect-src ${connectTo ?? "'none'"}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

export function securityHeaders(connectTo: string | undefined): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentPolicy(connectTo),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': ['camera=(self)', ...POWERS_OFF.map((power) => `${power}=()`)].join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
}
