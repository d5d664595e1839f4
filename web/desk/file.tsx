// Right: the case itself, in tabs, with the next step at its foot.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { pick } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { api, seat } from '@shared/staff';
import { useStore } from '@shared/store';
import { dayAndTime, timeOfDay } from '@shared/time';
import type { Case } from '@shared/types';
import { Banner, Pill, Tabs } from '@shared/ui';
import { AgreementTab } from './agreement';
import { Clashes } from './clashes';
import { DocumentTab, standingDocument } from './document';
import { Deadlines } from './deadlines';
import { Draft } from './draft';
import { Eligibility } from './eligibility';
import { FactsTab } from './facts';
import { IssueFoot } from './issue';
import { LiabilityTab } from './liability';
import { useKey, useTabs } from './keys';
import { t } from './messages';
import { PartiesTab } from './parties';
import { PartyDrafts, type PartyForm } from './party_draft';
import { tp } from './party_messages';
import { PlacePanel } from './place';
import { mayDetermine } from './post';
import { tr } from './review_messages';
import type { Room } from './room';
import { TABS, type TabName } from './tabs';
import { UnsentStore } from './unsent';

/** Where there is something to fill in, else the first field. */
function firstGap(panel: Element | null): HTMLElement | null {
  const fields = [...(panel?.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>('input, select, textarea') ?? [])].filter((one) => !one.disabled);
  return fields.find((one) => one.value === '') ?? fields[0] ?? null;
}

export function CaseFile({ room, file }: { room: Room; file: Case }) {
  const { codes } = useStore(room);
  const [tab, setTab] = useState<TabName>('parties');
  const [turns, setTurns] = useState(0);
  const byKey = useRef(false);
  const after = useRef<(() => void) | null>(null);
  const panel = useRef<HTMLDivElement>(null);
  const draft = useMemo(() => new Draft(api, file.id, file, new UnsentStore(sessionStorage, seat.value!.user.id), mayDetermine()), [file.id]);
  const parties = useMemo(() => new PartyDrafts(api, file.id, new UnsentStore<PartyForm>(sessionStorage, seat.value!.user.id, Date.now, 'kuaichu-party-')), [file.id]);
  // What was proposed and withdrawn leaves the case as it was; opened again, it is written anew while the old stands.
  const standing = standingDocument(file);
  const anew = ['in_call', 'evidence_fixed'].includes(file.state);
  const issued = standing !== null && !(anew && standing.kind === 'determination');
  const determines = mayDetermine();
  const locked = issued || file.state === 'on_scene' || file.state === 'closed';
  useEffect(() => { draft.follow(file); parties.follow(file); }, [file]);
  useEffect(() => { if (issued || file.state === 'on_scene') setTab('document'); }, [issued, file.state]);
  const go = (wanted: TabName, then: (() => void) | null = null) => {
    byKey.current = true;
    after.current = then;
    setTab(wanted);
    setTurns((n) => n + 1);
  };
  useTabs(go);
  useKey('tabs', (at) => go(TABS[at]!));
  // Whoever came by the keyboard goes on with it.
  useEffect(() => {
    if (byKey.current) firstGap(panel.current)?.focus();
    byKey.current = false;
    after.current?.();
    after.current = null;
  }, [turns]);
  const titles: Record<TabName, string> = { parties: `${t('tabParties')} ${file.parties.length}`, facts: t('tabFacts'), liability: t('tabLiability'), agreement: t('tabAgreement'), document: t('tabDocument') };
  return (
    <aside class="file" aria-label={file.number}>
      <header class="file__head">
        <b class="num" data-testid="case-number">{file.number}</b>
        <Pill tone={file.eligibility.outcome === 'remote' ? 'ok' : 'warn'}>{t(file.eligibility.outcome === 'remote' ? 'eligible' : 'notEligible')}</Pill>
        <Pill testid="case-state" tone="brand">{codeText('state', file.state)}</Pill>
        <p>{typeof file.county_name === 'string' ? file.county_name : pick(file.county_name)} {file.place.text} · {t('created', { t: dayAndTime(file.created_at) })}</p>
        <Eligibility room={room} file={file} codes={codes} />
        {file.on_scene_at && file.state === 'on_scene' && (
          <Banner tone="warn" icon="officer" urgent testid="scene-banner" title={t('scene', { t: timeOfDay(file.on_scene_at) })}>
            {file.on_scene_reason && <q>{file.on_scene_reason}</q>} {t('sceneNext')}
          </Banner>
        )}
        {file.review?.conclusion?.outcome === 'anew' && anew && <Banner tone="warn" icon="document" testid="anew-banner">{tr('anewBanner', { why: file.review.conclusion.grounds.map((one) => tr(one)).join('、') })}</Banner>}
        <Deadlines file={file} />
      </header>
      <Tabs label={file.number} value={tab} onValue={(value) => setTab(value as TabName)} tabs={TABS.map((value) => ({ value, text: titles[value] }))} panelId="file-panel" />
      <div class="file__body" id="file-panel" role="tabpanel" ref={panel}>
        {codes && tab === 'parties' && <PartiesTab room={room} file={file} drafts={parties} codes={codes} />}
        {codes && tab === 'facts' && <><PlacePanel room={room} file={file} codes={codes} /><FactsTab draft={draft} file={file} codes={codes} locked={locked} /></>}
        {codes && tab === 'liability' && <LiabilityTab room={room} draft={draft} file={file} codes={codes} locked={locked} />}
        {codes && tab === 'agreement' && <AgreementTab room={room} file={file} draft={draft} onGo={setTab} onProposed={() => setTab('document')} />}
        {codes && tab === 'document' && <DocumentTab room={room} file={file} codes={codes} />}
      </div>
      {!locked && codes && <Clashes draft={draft} file={file} codes={codes} />}
      {!determines && <footer class="foot"><Banner tone="brand" icon="person" testid="collects-only" title={tp('collectOnly')}>{tp('collectOnlyText')}</Banner></footer>}
      {determines && !locked && tab !== 'agreement' && <IssueFoot room={room} file={file} draft={draft} onIssued={() => setTab('document')} onGo={setTab} />}
    </aside>
  );
}
