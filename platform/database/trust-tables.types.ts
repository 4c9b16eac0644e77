/** The tables of `0003-trust.sql`, as Kysely sees them. Times are platform wall time, ms. */
export interface TrustTables {
  terminal_keys: {
    terminal_id: string;
    fingerprint: string;
    /** Raw public keys, base64. */
    signing_key: string;
    agreement_key: string;
    made_ms: number;
    ends_ms: number | null;
  };
  enrolment_codes: {
    terminal_id: string;
    code_id: string;
    code_key: string;
    station: string;
    expires_ms: number;
    used_ms: number | null;
    used_fingerprint: string | null;
  };
  enrolment_tries: { station: string; failures: number; locked_until_ms: number };
  trust_epochs: { id: number; epoch: number };
  documents: {
    sha256: string;
    channel: string;
    version: number;
    body: string;
    /** JSON of the detached signatures. */
    signatures: string;
    hard_expires_ms: number | null;
    published_ms: number;
  };
  delegations: { version: number; body: string; signatures: string };
  manifest_versions: { id: number; version: number };
  rollouts: {
    channel: string;
    version: number;
    ring: number;
    state: 'rolling' | 'halted';
    started_ms: number;
  };
  first_ring: { terminal_id: string };
  document_reports: {
    terminal_id: string;
    channel: string;
    version: number;
    state: 'applied' | 'refused' | 'rolledBack';
    detail: string | null;
    reported_ms: number;
  };
}
