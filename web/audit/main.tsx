// The audit page: search, then replay; the case is in the address, so that a colleague can be sent there.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '@shared/base.css';
import './audit.css';
import { applyLang, useLang } from '@shared/i18n';
import { seat, SeatMenu, StaffGate } from '@shared/staff';
import { useStore } from '@shared/store';
import { Toasts } from '@shared/ui';
import { t } from './messages';
import { Replay } from './replay';
import { Reports } from './reports/reports';
import { AuditTabs, reportsInAddress } from './reports/tab';
import { Search } from './search';

const caseInAddress = () => new URLSearchParams(location.hash.slice(1)).get('case');

function Audit() {
  useLang();
  const [id, setId] = useState(caseInAddress());
  const [hash, setHash] = useState(location.hash);
  const role = useStore(seat)?.user.role;
  useEffect(() => {
    const onHash = () => { setId(caseInAddress()); setHash(location.hash); };
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  const go = (next: string | null) => { location.hash = next ? `case=${next}` : ''; };
  return (
    <div class="audit">
      <header class="audit__top"><h1>{t('title')}</h1><AuditTabs role={role} hash={hash} /><SeatMenu /></header>
      {reportsInAddress(hash, role) ? <Reports hash={hash} onCase={go} /> : id ? <Replay key={id} id={id} onBack={() => go(null)} /> : <Search onOpen={go} />}
      <Toasts />
    </div>
  );
}

applyLang();
render(
  <StaffGate title={{ zh: '审计回放', en: 'Audit replay' }} roles={['auditor', 'supervisor', 'officer']} demoUser="auditor"><Audit /></StaffGate>,
  document.getElementById('app')!,
);
