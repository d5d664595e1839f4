// The audit page: search, then replay; samples and reports beside it. Where one is stands in the address, so that a colleague
// can be sent there.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '@shared/base.css';
import './audit.css';
import { applyLang, useLang } from '@shared/i18n';
import { seat, SeatMenu, StaffGate } from '@shared/staff';
import { useStore } from '@shared/store';
import { Toasts } from '@shared/ui';
import { BlindLooks } from './blind';
import { t } from './messages';
import { PurposeGate } from './purpose';
import { Replay } from './replay';
import { Reports } from './reports/reports';
import { Samples } from './samples';
import { Search } from './search';
import { AuditTabs, tabInAddress } from './tabs';

const caseIn = (hash: string) => new URLSearchParams(hash.slice(1)).get('case');

// What was asked stays in the address, so that the list is there again on the way back.
function go(next: string | null): void {
  const said = new URLSearchParams(location.hash.slice(1));
  said.delete('case');
  said.delete('t');
  said.delete('tab');
  location.hash = (next ? new URLSearchParams([['case', next], ...said]) : said).toString();
}

function Audit() {
  useLang();
  const [hash, setHash] = useState(location.hash);
  const role = useStore(seat)?.user.role;
  useEffect(() => {
    const onHash = () => setHash(location.hash);
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  const id = caseIn(hash);
  const tab = tabInAddress(hash, role);
  return (
    <div class="audit">
      <header class="audit__top"><h1>{t('title')}</h1><AuditTabs role={role} hash={hash} /><SeatMenu /></header>
      {tab === 'reports' ? <Reports hash={hash} onCase={go} />
        : id ? <PurposeGate key={id} id={id} onBack={() => go(null)}><Replay id={id} onBack={() => go(null)} /></PurposeGate>
        : tab === 'blind' ? <BlindLooks hash={hash} onCase={go} />
        : tab === 'samples' ? <Samples onOpen={go} /> : <Search onOpen={go} />}
      <Toasts />
    </div>
  );
}

applyLang();
render(
  <StaffGate title={{ zh: '审计回放', en: 'Audit replay' }} roles={['auditor', 'supervisor', 'officer']} demoUser="auditor"><Audit /></StaffGate>,
  document.getElementById('app')!,
);
