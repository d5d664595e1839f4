// The page of somebody who has a case: the state of the case decides which screen shows.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { ts } from '@shared/messages';
import { useStore } from '@shared/store';
import type { Case } from '@shared/types';
import { Banner, Button } from '@shared/ui';
import { ta } from './agreement_messages';
import { GuestPage } from './guest';
import { saveDraft } from './intake';
import { t } from './messages';
import { Loading } from './screens/before';
import { ClosedPlain, Done, Ended, Evacuate, OnScene, ReadDialog } from './screens/after';
import { Agree, mustAgree } from './screens/agree';
import { Settle, WaitForOther } from './screens/agreement';
import { CallScreen, Rejoin } from './screens/call';
import { DocumentScreen } from './screens/document';
import { DeviceTest, Outcome, Waiting } from './screens/waiting';
import { PhoneTurns } from './second_party';
import { currentDocument, decisionOf, PartySession } from './session';
import { own } from './shell';
import { keepAwake } from './wake';

function restart() {
  saveDraft(null);
  location.assign('/');
}

export function Party({ token }: { token: string }) {
  const session = useMemo(() => new PartySession(token), [token]);
  useEffect(() => { session.start(); return () => session.stop(); }, [session]);
  const state = useStore(session);
  const stream = useStore(session.events.state);
  const call = useStore(session.call);
  const waiting = ['waiting', 'in_call', 'evidence_fixed', 'determined'].includes(state.case?.state ?? '');
  useEffect(() => waiting ? keepAwake() : undefined, [waiting]);
  useEffect(() => { own.set(state.phase === 'ready' && state.case ? { session, of: state.case } : null); }, [state.case, state.phase]);

  if (state.phase === 'guest') return <GuestPage token={token} />;
  if (state.phase === 'dead') return <Ended testid="dead" title={t('linkDead')} text={t('linkDeadText')} action={t('startNew')} onAction={restart} />;
  if (state.phase === 'replaced') return <Ended testid="replaced" title={t('replacedTitle')} text={t('replacedText')} action={t('replacedHere')} onAction={() => location.reload()} />;
  if (!state.case) {
    if (!state.error) return <Loading />;
    return (
      <div class="screen screen--centre" data-testid="screen-unreachable">
        <Banner tone="bad" icon="warning" urgent action={<Button size="m" onClick={() => void session.refresh()}>{ts('retry')}</Button>}>{state.error instanceof ApiError ? errorText(state.error) : ts('errorNetwork')}</Banner>
      </div>);
  }
  const lost = stream === 'lost'
    ? <div class="notice"><Banner tone="warn" icon="refresh" urgent testid="connection-lost">{navigator.onLine ? ts('lost') : ts('offline')}</Banner></div> : null;
  return <CaseScreen session={session} of={state.case} call={call} hungUp={state.hungUp} notice={lost} />;
}

/** States in which an agreement can be signed. */
const SETTLES: ReadonlySet<Case['state']> = new Set(['triaged', 'waiting', 'in_call', 'evidence_fixed', 'abandoned']);
const ackKey = (of: Case) => `kc.evac.${of.id}.${of.evacuated_at}`;

function CaseScreen({ session, of, call, hungUp, notice }: {
  session: PartySession; of: Case; call: PartySession['call']['value']; hungUp: boolean; notice: preact.ComponentChildren;
}) {
  const [testing, setTesting] = useState(false);
  const [reading, setReading] = useState(false);
  const [, acknowledged] = useState(0);
  const frame = { session, of, notice: <>{notice}<PhoneTurns session={session} of={of} /></> };
  const document = currentDocument(of);
  const decided = document ? decisionOf(document, session.value.partyId) !== null : false;
  const [settling, setSettling] = useState(() => of.agreement.status === 'draft' && sessionStorage.getItem(`kc.settle.${of.id}`) === '1');
  const settle = (on: boolean) => { sessionStorage.setItem(`kc.settle.${of.id}`, on ? '1' : '0'); setSettling(on); };
  const mayEvacuate = of.evacuated_at && ['in_call', 'evidence_fixed', 'determined'].includes(of.state);

  if (mayEvacuate && !sessionStorage.getItem(ackKey(of))) {
    return <Evacuate call={call} onOk={() => { sessionStorage.setItem(ackKey(of), '1'); acknowledged((count) => count + 1); }} />;
  }
  if (mustAgree(of, session.value.partyId)) return <Agree {...frame} call={call} />;
  // What was proposed comes first, whoever proposed it: it is read and decided on the own phone.
  if (document?.proposal?.status === 'open' && SETTLES.has(of.state)) {
    return decided
      ? <WaitForOther {...frame}><Button size="l" block icon="document" testid="read-document" onClick={() => setReading(true)}>{ta('readAgain')}</Button>{reading && <ReadDialog session={session} of={of} document={document} onClose={() => setReading(false)} />}</WaitForOther>
      : <DocumentScreen key={document.id} {...frame} call={call} document={document} />;
  }
  if (settling && (of.state === 'triaged' || of.state === 'waiting')) {
    return <Settle {...frame} onLeave={() => settle(false)} onOfficer={() => { settle(false); setTesting(true); }} />;
  }
  switch (of.state) {
    case 'triaged':
      return testing ? <DeviceTest {...frame} onBack={() => setTesting(false)} /> : <Outcome {...frame} onNext={() => setTesting(true)} onSettle={() => settle(true)} />;
    case 'abandoned': return <DeviceTest {...frame} onBack={() => undefined} />;
    case 'waiting':
    case 'reopened': return <Waiting {...frame} onSettle={() => settle(true)} />;
    case 'on_scene': return <OnScene {...frame} />;
    case 'expired': return <Ended testid="expired" title={t('expiredTitle')} text={t('expiredText')} action={t('startNew')} onAction={restart} onSendOfficer={(reason) => session.sendOfficer(reason)} />;
    case 'closed': return document ? <Done {...frame} call={null} document={document} /> : <ClosedPlain {...frame} />;
    case 'served': return document ? <Done {...frame} call={call} document={document} /> : <ClosedPlain {...frame} />;
    default:
      if (document && of.state === 'determined') {
        return decided ? <Done {...frame} call={call} document={document} /> : <DocumentScreen key={document.id} {...frame} call={call} document={document} />;
      }
      if (hungUp || !call) return hungUp ? <Rejoin session={session} of={of} /> : <Loading />;
      return <CallScreen session={session} of={of} call={call} />;
  }
}
