// The way between the cases and the reports, for those who may read these.
import { useLang } from '@shared/i18n';
import type { Role } from '@shared/types';
import { t } from './messages';

const may = (role: Role | undefined) => role === 'supervisor' || role === 'auditor';
export const reportsInAddress = (hash: string, role: Role | undefined) => may(role) && new URLSearchParams(hash.slice(1)).get('tab') === 'reports';

export function AuditTabs({ hash, role }: { hash: string; role: Role | undefined }) {
  useLang();
  if (!may(role)) return null;
  const here = reportsInAddress(hash, role);
  return (
    <nav class="audit__tabs" aria-label={t('reports')}>
      <a href="#" aria-current={here ? undefined : 'page'} data-testid="tab-cases">{t('cases_tab')}</a>
      <a href="#tab=reports" aria-current={here ? 'page' : undefined} data-testid="tab-reports">{t('reports')}</a>
    </nav>
  );
}
