// manifest.json of an exported bundle, as far as the page shows or checks it (src/app/bundle_manifest.c).
export interface Person { kind: string; id: string | null; label: string | null; name: string | null }
export interface Derived { object_id?: string; document_id?: string; sha256: string | null; redaction: string }
export interface Recording {
  segment: number; started_at: string | null; ended_at: string | null; duration_ms: number; has_audio: boolean; has_video: boolean; width: number; height: number;
  gaps: { from_ms: number; to_ms: number }[];
}
export interface Picture { shot: string | null; taken_at: string | null; media_time_ms: number | null; width: number; height: number }
export interface EvidenceObject {
  id: string; kind: string; status: string; content_type: string | null; made_at: string | null; finished_at: string | null; by: Person;
  file: string | null; sha256: string | null; bytes: number | null; sealed?: { sha256: string | null; bytes: number; head?: string; replaces_bytes?: number };
  recording?: Recording; picture?: Picture; document_id?: string; damage: { detail: string; readable_bytes: number } | null; derived_from?: Derived;
  made_from?: { object_id: string; sha256: string }[]; duration_ms?: number;
}
export interface Signature {
  id: string; party_id: string; label: string | null; decision: string; refusal: string | null; statement: string | null; document_sha256: string; at: string | null;
  recorded_by_name: string | null;
}
export interface DocumentFile { file: string; sha256: string; bytes: number; derived_from: Derived | null }
export interface BundleDocument {
  id: string; kind: string; number: string; text_sha256: string; pdf_sha256: string | null; issued_at: string | null; issued_by_name: string | null;
  revoked_at: string | null; replaced_by: string | null; signatures: Signature[]; files: DocumentFile[];
}
export interface Message { id: string; from: Person; text: string; sent_at: string }
export interface LogItem { index: number; entry: string; salt: string; proof: string[] }
export interface Manifest {
  format: string; version: number; kind: 'whole' | 'excerpt'; demo: boolean; made_at: string; made_by: { kind: string | null; role: string; name: string | null };
  service: { program: string; public_key: string; key_id: string; vouched_by_log: string };
  case: {
    id: string; number: string; state: string; channel: string; county_name: string | null; place: { text: string | null; latitude?: string; longitude?: string };
    occurred_at: string | null; opened_at: string | null; closed_at: string | null; officer: { name: string | null; badge_number: string | null } | null;
  };
  parties: { id: string; label: string; masked: boolean; name: string | null; phone: string | null; plate_number: string | null; licence_number: string | null; insurer: string | null }[];
  /** Absent where it was exported before there were any. */
  messages?: Message[];
  objects: EvidenceObject[]; documents: BundleDocument[]; left_out: Record<string, number>;
  log: { checkpoint: string; cosigned?: { checkpoint: string; growth: string[] } | null; keys: { public: string; from: string | null; until: string | null }[]; entries: LogItem[] };
  page_sha256: string | null; files: { name: string; sha256: string; bytes: number }[];
}

/** What this page knows: version 1. */
export function parseManifest(text: string): Manifest | null {
  try {
    const root = JSON.parse(text) as Manifest;
    return root.format === 'kuaichu-bundle' && root.version === 1 ? root : null;
  } catch { return null; }
}
