// The way between the cases, the samples drawn of them, the second looks and the reports, for those who may read these.
import { useLang } from '@shared/i18n';
import type { Role } from '@shared/types';
import { ta } from './audit_messages';
import { tb } from './blind_messages';
import { t } from './reports/messages';

export type Tab = 'cases' | 'samples' | 'blind' | 'reports';
const may = (role: Role | undefined) => role === 'supervisor' || role === 'auditor';

export function tabInAddress(hash: string, role: Role | undefined): Tab {
  const tab = new URLSearchParams(hash.slice(1)).get('tab');
  return may(role) && (tab === 'samples' || tab === 'blind' || tab === 'reports') ? tab : 'cases';
}

export function AuditTabs({ hash, role }: { hash: string; role: Role | undefined }) {
  useLang();
  if (!may(role)) return null;
  const here = tabInAddress(hash, role);
  const tabs: [Tab, string, string][] = [['cases', '#', t('cases_tab')], ['samples', '#tab=samples', ta('tabSamples')], ['blind', '#tab=blind', tb('tab')], ['reports', '#tab=reports', t('reports')]];
  return (
    <nav class="audit__tabs" aria-label={ta('tabs')}>
      {tabs.map(([tab, href, text]) => <a key={tab} href={href} aria-current={tab === here ? 'page' : undefined} data-testid={`tab-${tab}`}>{text}</a>)}
    </nav>
  );
}
