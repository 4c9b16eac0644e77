/**
 * What stands before the 32 raw bytes of a key in PKCS 8 and SPKI (RFC 8410), in hex: keys travel and lie raw, libraries want
 * them wrapped.
 */
export const PRIVATE_KEY_PREFIX = {
  ed25519: '302e020100300506032b657004220420',
  x25519: '302e020100300506032b656e04220420',
} as const;
export const PUBLIC_KEY_PREFIX = { ed25519: '302a300506032b6570032100', x25519: '302a300506032b656e032100' } as const;
export const RAW_KEY_BYTES = 32;
export type Curve = keyof typeof PRIVATE_KEY_PREFIX;
