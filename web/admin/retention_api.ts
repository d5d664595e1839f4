// Retention and legal holds over HTTP.
import { api } from '@shared/staff';

export interface RetentionItem {
  case_id: string; case_number: string; case_state: string; what: 'recordings' | 'case'; state: 'due' | 'on_hold' | 'under_review' | 'deadline';
  at: string | null; rule: string; legal_basis: string; title_zh: string; title_en: string;
}
export interface Hold {
  id: string; case_id: string; case_number: string; reason: string | null; legal_basis: string; placed_by: string | null; placed_at: string;
  lifted_by: string | null; lifted_at: string | null; lift_reason: string | null;
}

const path = (days: number) => `/api/v1/admin/retention?days=${days}`;

export const getRetention = (days: number) => api.get<{ items: RetentionItem[]; more: boolean }>(path(days));
export const getCsv = async (days: number) => (await api.send('GET', `${path(days)}&format=csv`, { accept: 'text/csv' })).blob();
export const getHolds = () => api.get<{ items: Hold[] }>('/api/v1/holds');
export const placeHold = (caseId: string, body: { reason: string; legal_basis: string }) =>
  api.json<{ hold: Hold }>('POST', `/api/v1/cases/${caseId}/holds`, { body, retries: 0 });
export const liftHold = (id: string, reason: string) => api.json<{ hold: Hold }>('POST', `/api/v1/holds/${id}/lift`, { body: { reason }, retries: 0 });
export const findCase = async (number: string) =>
  (await api.get<{ items: { id: string; number: string }[] }>(`/api/v1/cases?limit=2&q=${encodeURIComponent(number)}`)).items.find((one) => one.number === number);
