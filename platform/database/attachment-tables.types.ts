/** The tables of `0005-attachments.sql`, as Kysely sees them. */
export interface AttachmentTables {
  attachment_contents: {
    terminal_id: string;
    /** Hex, of the whole. */
    sha256: string;
    size_bytes: number;
    received_bytes: number;
    state: 'open' | 'stored';
    touched_ms: number;
  };
  attachment_parts: { terminal_id: string; sha256: string; first_byte: number; bytes: Uint8Array };
  attachments: { terminal_id: string; attachment: string; sha256: string; begun_ms: number };
}
