// The versions of the rules over HTTP.
import { api } from '@shared/staff';

export type FileKind = 'rules' | 'calendar' | 'template' | 'image';
export interface RulesVersion {
  number: number; state: 'in_force' | 'planned' | 'past' | 'withdrawn'; origin: 'built_in' | 'folder' | 'edited' | 'reverted'; reason: string; equals: number | null;
  created_by: string | null; created_at: string; valid_from: string; withdrawn_at: string | null; cases: number; open_cases: number;
}
export interface RulesFile { name: string; kind: FileKind; sha256: string; bytes: number; since: number }
export interface Rules { version: RulesVersion; in_force: number; newest: number; files: RulesFile[] }
export interface RulesProblem { file: string | null; line: number | null; column: number | null; pointer: string | null; reason: string }
export interface RulesChange { file: string; kind: 'added' | 'removed' | 'changed'; entry: string; before: string | null; after: string | null }
export interface RulesPreview { base: number; problems: RulesProblem[]; changes: RulesChange[]; open_cases: number }
export type RulesEdit = { name: string; text: string } | { name: string; remove: true };
export type Proposal = { files: RulesEdit[] } | { revert_to: number };

const BASE = '/api/v1/admin/rules';

export const getRules = () => api.get<Rules>(BASE);
export const getText = (name: string) => api.get<{ text: string | null }>(`${BASE}/file?name=${encodeURIComponent(name)}`);
export const listVersions = (cursor?: string) => api.get<{ items: RulesVersion[]; next_cursor: string | null }>(`${BASE}/versions?limit=20${cursor ? `&cursor=${cursor}` : ''}`);
export const preview = (body: Proposal, signal?: AbortSignal) => api.json<RulesPreview>('POST', `${BASE}/preview`, { body, retries: 2, ...(signal ? { signal } : {}) });
export const enact = (body: Proposal & { reason: string; valid_from: string | null }, newest: number) =>
  api.json<{ version: RulesVersion }>('POST', BASE, { body, version: newest, retries: 0 });
export const withdraw = (version: number) => api.json<void>('POST', `${BASE}/withdrawal`, { body: { version }, retries: 0 });
