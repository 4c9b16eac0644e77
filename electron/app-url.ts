/** The kiosk's own address. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'kiosk';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const INDEX_URL = `${APP_ORIGIN}/index.html`;

/**
 * Whether a URL is of our own page. Compared by parts: `app://kiosk.evil/` and `app://kiosk@evil/` begin like ours, and
 * Node calls the origin of every scheme it does not know `null`.
 */
export function isKioskUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return protocol === `${APP_SCHEME}:` && hostname === APP_HOST && port === '' && username === '' && password === '';
}
