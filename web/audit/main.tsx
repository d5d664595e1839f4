// The audit page: search, then replay; the case is in the address, so that a colleague can be sent there.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '@shared/base.css';
import './audit.css';
import { applyLang, useLang } from '@shared/i18n';
import { seat, SeatMenu, StaffGate } from '@shared/staff';
import { Tabs, Toasts } from '@shared/ui';
import { ta } from './audit_messages';
import { t } from './messages';
import { PurposeGate } from './purpose';
import { Replay } from './replay';
import { Samples } from './samples';
import { Search } from './search';

const caseInAddress = () => new URLSearchParams(location.hash.slice(1)).get('case');

function Audit() {
  useLang();
  const [id, setId] = useState(caseInAddress());
  useEffect(() => {
    const onHash = () => setId(caseInAddress());
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  // What was asked stays in the address, so that the list is there again on the way back.
  const go = (next: string | null) => {
    const said = new URLSearchParams(location.hash.slice(1));
    said.delete('case');
    location.hash = (next ? new URLSearchParams([['case', next], ...said]) : said).toString();
  };
  return (
    <div class="audit">
      <header class="audit__top"><h1>{t('title')}</h1><SeatMenu /></header>
      {id ? <PurposeGate key={id} id={id} onBack={() => go(null)}><Replay id={id} onBack={() => go(null)} /></PurposeGate> : <Lists onOpen={go} />}
      <Toasts />
    </div>
  );
}

/** What a case is come to by. */
function Lists({ onOpen }: { onOpen: (id: string) => void }) {
  const [tab, setTab] = useState(location.hash === '#samples' ? 'samples' : 'search');
  const audits = seat.value?.user.role !== 'officer';
  if (!audits) return <Search onOpen={onOpen} />;
  return (
    <div class="lists">
      <Tabs label={ta('tabs')} value={tab} panelId="audit-panel" onValue={setTab} tabs={[{ value: 'search', text: ta('tabSearch'), testid: 'tab-search' }, { value: 'samples', text: ta('tabSamples'), testid: 'tab-samples' }]} />
      <div id="audit-panel" class="lists__panel" role="tabpanel">{tab === 'search' ? <Search onOpen={onOpen} /> : <Samples onOpen={onOpen} />}</div>
    </div>
  );
}

applyLang();
render(
  <StaffGate title={{ zh: '审计回放', en: 'Audit replay' }} roles={['auditor', 'supervisor', 'officer']} demoUser="auditor"><Audit /></StaffGate>,
  document.getElementById('app')!,
);
