/**
 * A personal part on its way to the platform: sealed so that only the platform can read it, beside a record that holds the
 * commitment alone. As bytes: version (1), the platform's key id (8), an ephemeral X25519 public key (32), then AES-256-GCM
 * cipher text and tag of `salt (16) + content`. The key is HKDF of the agreed secret, salted with the header before it and the
 * recipient's public key; it is used once, so the nonce is zero. Pure; see `engine/trust/sealing.ts`, `platform/trust/opening.ts`.
 */
export const SEAL_INFO = 'livelihood-kiosk seal';
export const SEAL_VERSION = 1;
export const SEAL_KEY_ID_BYTES = 8;
export const SEAL_HEADER_BYTES = 1 + SEAL_KEY_ID_BYTES + 32;
export const SEAL_TAG_BYTES = 16;
export const SEAL_NONCE_BYTES = 12;
/** What keeps a commitment to `yes` from being guessed. */
export const COMMITMENT_SALT_BYTES = 16;
