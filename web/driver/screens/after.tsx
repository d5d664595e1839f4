// After the decision, and every end a case may have.
import { useEffect, useState } from 'preact/hooks';
import type { Call } from '@shared/call';
import { codeText, ts } from '@shared/messages';
import { useLate } from '@shared/late';
import { useStore } from '@shared/store';
import { PdfButton, saveFile } from '@shared/pdf';
import { showPlate } from '@shared/plate';
import { dayAndTime, timeOfDay } from '@shared/time';
import type { Case, CaseDocument } from '@shared/types';
import { ListeningNotice } from '@shared/ui/listening';
import { Banner, Button, Dialog, Icon, LinkButton, Pill, Spinner } from '@shared/ui';
import { buzz } from '../buzz';
import { ta } from '../agreement_messages';
import { t } from '../messages';
import { Grounds, Hurt } from '../grounds';
import { EvacuatePicture, PatrolPicture } from '../pictures';
import { decisionOf, type PartySession } from '../session';
import { Heading, Shell } from '../shell';
import { Voices } from './call';
import { CallStrip, useDocumentText } from './document';
import { Limits } from './limits';
import { OwnLimits, ReviewOf } from './review_late';

interface Props { session: PartySession; of: Case; notice: preact.ComponentChildren }

const loadReceipt = () => import('./receipt');
const loadEvidence = () => import('./evidence');

/** What this party may look at of the case (art. 65), from its decision on. */
function EvidenceButton({ session, of }: { session: PartySession; of: Case }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="l" block icon="camera" testid="evidence" onClick={() => setOpen(true)}>{t('evidence', { count: String(of.stills.length) })}</Button>
      {open && <EvidenceSheet session={session} of={of} onClose={() => setOpen(false)} />}
    </>
  );
}

function EvidenceSheet({ session, of, onClose }: { session: PartySession; of: Case; onClose: () => void }) {
  const late = useLate(loadEvidence);
  return late ? <late.Evidence session={session} of={of} onClose={onClose} /> : null;
}

function AllVoices({ call }: { call: Call }) {
  return <Voices others={useStore(call).others} />;
}

export function Evacuate({ onOk, call }: { onOk: () => void; call: Call | null }) {
  useEffect(() => buzz([200, 100, 200]), []);
  return (
    <div class="screen evac" role="alertdialog" aria-labelledby="evac-title" aria-describedby="evac-text" data-testid="evacuate-screen">
      <EvacuatePicture />
      <h1 id="evac-title" tabIndex={-1}>{t('evacuateTitle')}</h1>
      <p id="evac-text">{t('evacuateLead')}</p>
      {call && <AllVoices call={call} />}
      {call && <ListeningNotice call={call} />}
      {call && <p><b>{t('evacuateCall')}</b></p>}
      <div class="evac__grow" />
      <Button size="l" block testid="evacuate-ok" autofocus onClick={onOk}>{t('evacuateOk')}</Button>
    </div>
  );
}

export function Done({ session, of, call, document, notice }: Props & { call: Call | null; document: CaseDocument }) {
  const [reading, setReading] = useState(false);
  const receipt = useLate(loadReceipt);
  const decision = decisionOf(document, session.value.partyId) ?? session.me?.decision ?? null;
  const closed = of.state === 'closed';
  const answered = closed || of.state === 'served';
  const served = document.services?.every((one) => one.party_id !== session.value.partyId || one.state === 'served') ?? true;
  const agreed = document.proposal?.status === 'agreed';
  const title = agreed ? ta('done') : closed ? t('doneClosed') : decision === 'signed' ? t('doneSigned') : decision === 'objected' ? t('doneObjected') : t('doneRefused');
  return (
    <Shell testid={closed ? 'closed' : 'summary'} onSendOfficer={(reason) => session.sendOfficer(reason)}
      notice={<>{call && <CallStrip session={session} of={of} call={call} />}{notice}</>}
      foot={<div class="pair"><Button kind="primary" size="l" block icon="document" testid="read-document" onClick={() => setReading(true)}>{document.kind === 'agreement' ? ta('readAgain') : t('docRead')}</Button>
        {document.pdf_sha256 && <PdfButton api={session.api} caseId={of.id} document={document} size="l" />}</div>}>
      <div class="seal" aria-hidden="true"><Icon name="check" size="l" /></div>
      <Heading lead={agreed ? ta('doneLead') : closed ? t('doneLead') : answered ? t(served ? 'doneServed' : 'doneAnswered') : t('doneWaitOthers')}><span data-testid="done-title">{title}</span></Heading>
      <dl class="facts">
        <div><dt>{t('caseNumber', { number: '' })}</dt><dd class="num" data-testid="case-number">{of.number}</dd></div>
        <div><dt>{t('docNumber', { number: '' })}</dt><dd class="num">{document.number}</dd></div>
        <div><dt>{t('yourDecision')}</dt><dd data-testid="my-decision"><Pill tone={decision === 'signed' ? 'ok' : 'warn'}>{codeText('decision', decision)}</Pill></dd></div>
        {of.closed_at && <div><dt>{ts('stateClosed')}</dt><dd class="num">{dayAndTime(of.closed_at)}</dd></div>}
      </dl>
      {receipt && <receipt.Receipt session={session} document={document} />}
      <ReviewOf session={session} of={of} />
      {agreed ? null : of.deadlines.length > 0 ? <OwnLimits session={session} of={of} /> : <Banner tone="brand" icon="clock" title={t('reviewTitle')} testid="review-note">{t('reviewText')}</Banner>}
      <EvidenceButton session={session} of={of} />
      <p class="note"><Icon name="link" size="s" />{t('doneKeep')}</p>
      {reading && <ReadDialog session={session} of={of} document={document} onClose={() => setReading(false)} />}
    </Shell>
  );
}

export function ReadDialog({ session, of, document, onClose }: { session: PartySession; of: Case; document: CaseDocument; onClose: () => void }) {
  const { loaded, error } = useDocumentText(session, of, document);
  const save = () => saveFile(new Blob([loaded?.text ?? ''], { type: 'text/plain;charset=utf-8' }), `${document.number}.txt`);
  return (
    <Dialog title={t('docNumber', { number: document.number })} onClose={onClose} testid="read-dialog" foot={<>
      <Button size="l" disabled={!loaded} testid="save-document" onClick={save}>{t('docSave')}</Button><Button size="l" kind="primary" testid="read-close" onClick={onClose}>{ts('close')}</Button></>}>
      {error ? <p>{error}</p> : loaded ? <pre class="reading" tabIndex={0}>{loaded.text}</pre> : <Spinner />}
    </Dialog>
  );
}

/** A case that ended without a document of its own. */
export function ClosedPlain({ session, of, notice }: Props) {
  return (
    <Shell testid="closed" notice={notice} onSendOfficer={(reason) => session.sendOfficer(reason)}>
      <div class="seal" aria-hidden="true"><Icon name="check" size="l" /></div>
      {of.late_report?.accepted === false
        ? <Heading lead={t(of.late_report.ground === 'not_ours' ? 'lateNotOurs' : 'lateUnproven')}><span data-testid="done-title">{t('lateDeclined')}</span></Heading>
        : <Heading lead={t('doneLead')}><span data-testid="done-title">{t('doneClosed')}</span></Heading>}
      {of.late_report?.reason && <Banner tone="warn" icon="info" title={t('lateReason')} testid="late-reason">{of.late_report.reason}</Banner>}
      <p class="caseno">{t('caseNumber', { number: '' })}<span class="num" data-testid="case-number">{of.number}</span></p>
    </Shell>
  );
}

export function OnScene({ session, of, notice }: Props) {
  const me = session.me;
  const place = of.place.text || (of.place.latitude != null && of.place.longitude != null ? `${of.place.latitude.toFixed(5)}, ${of.place.longitude.toFixed(5)}` : '');
  return (
    <Shell testid="on-scene" notice={notice} foot={<>
      <LinkButton href="tel:120" kind="alarm" size="l" block icon="phone" testid="tel-120">{t('call120')}</LinkButton>
      <div class="pair"><LinkButton href="tel:110" kind="danger" size="l" block testid="tel-110">110 {t('n110')}</LinkButton><LinkButton href="tel:119" kind="danger" size="l" block testid="tel-119">119 {t('n119')}</LinkButton></div></>}>
      <PatrolPicture />
      <Heading lead={t('dispatchedLead')}><span data-testid="on-scene-title">{t('dispatchedTitle')}</span></Heading>
      <Hurt of={of} />
      <dl class="facts">
        <div><dt>{t('caseNumber', { number: '' })}</dt><dd class="num" data-testid="case-number">{of.number}</dd></div>
        {place && <div><dt>{t('dispatchedPlace')}</dt><dd>{place}</dd></div>}
        {me?.plate_number && <div><dt>{t('plate')}</dt><dd class="num">{showPlate(me.plate_number)}</dd></div>}
        {of.on_scene_at && <div><dt>{ts('stateOnScene')}</dt><dd class="num">{t('dispatchedSince', { time: timeOfDay(of.on_scene_at) })}</dd></div>}
      </dl>
      <ul class="todo">
        <li><Icon name="walk" size="s" />{t('dispatchedDo')}</li>
        <li><Icon name="car" size="s" />{t('dispatchedKeep')}</li>
      </ul>
      {of.eligibility.outcome === 'on_scene' && <Grounds of={of} />}
      <Limits of={of} />
    </Shell>
  );
}

/** Ends of a link: dead, expired, open elsewhere. */
export function Ended({ title, text, action, testid, onAction, onSendOfficer }: {
  title: string; text: string; action: string; testid: string; onAction: () => void; onSendOfficer?: (reason: string) => Promise<void>;
}) {
  return (
    <Shell testid={testid} onSendOfficer={onSendOfficer ?? null}>
      <div class="ended">
        <span class="ended__icon"><Icon name={testid === 'replaced' ? 'link' : 'info'} size="l" /></span>
        <Heading lead={text}>{title}</Heading>
        <Button kind="primary" size="l" block testid={`${testid}-action`} onClick={onAction}>{action}</Button>
      </div>
    </Shell>
  );
}
