// The exact text of the determination, read to its end before anything can be decided; signing, objecting and
// refusing are as large as each other. The call goes on above it: the act of signing is recorded in sound and picture.
import { useEffect, useRef, useState } from 'preact/hooks';
import type SignaturePad from 'signature_pad';
import { errorText, newKey } from '@shared/api';
import type { Call, CallState } from '@shared/call';
import { useLate } from '@shared/late';
import { ts } from '@shared/messages';
import { PdfButton } from '@shared/pdf';
import { useStore } from '@shared/store';
import type { Case, CaseDocument } from '@shared/types';
import { Banner, Bars, Button, Dialog, Icon, SoundButton, Spinner, TextArea, toast } from '@shared/ui';
import { ta } from '../agreement_messages';
import { t } from '../messages';
import type { PartySession } from '../session';
import { Heading, Shell } from '../shell';
import { TalkButton } from '../talk';
import { ListeningNotice } from '@shared/ui/listening';
import { OfficerCard, ReconnectNotice, RecordingMark, Voices } from './call';

export interface LoadedText { text: string; intact: boolean }

export function useDocumentText(session: PartySession, of: Case, document: CaseDocument): { loaded: LoadedText | null; error: string | null; retry: () => void } {
  const [loaded, setLoaded] = useState<LoadedText | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setError(null);
    session.api.documentText(of.id, document.id).then(
      ({ text, sha256 }) => { if (current) setLoaded({ text, intact: sha256 === null || sha256 === document.sha256 }); },
      (problem: unknown) => { if (current) setError(errorText(problem)); });
    return () => { current = false; };
  }, [document.id, round]);
  return { loaded, error, retry: () => setRound(round + 1) };
}

/** The call, kept small above the text. Who finds it full reads in peace; the page goes on asking for a place. */
export function CallStrip({ session, of, call }: { session: PartySession; of: Case; call: Call }) {
  const state: CallState = useStore(call);
  const chat = useStore(session.chat);
  if (state.phase === 'full') return null;
  return (
    <div class="strip">
      <OfficerCard of={of} state={state} />
      <Voices others={state.others.filter((one) => !one.main)} />
      <div class="strip__side"><RecordingMark of={of} state={state} /><Bars level={state.network.level} />{chat && <TalkButton chat={chat} strip />}</div>
      <ReconnectNotice state={state} />
      <ListeningNotice call={call} />
      <SoundButton class="call__sound" />
    </div>
  );
}

type Choice = 'sign' | 'object' | 'refuse';
const loadElectronic = () => import('./electronic');
const loadPause = () => import('./pause');

export function DocumentScreen({ session, of, call, document, notice }: { session: PartySession; of: Case; call: Call | null; document: CaseDocument; notice: preact.ComponentChildren }) {
  const { loaded, error, retry } = useDocumentText(session, of, document);
  const [read, setRead] = useState(false);
  const [choice, setChoice] = useState<Choice | null>(null);
  const electronic = useLate(loadElectronic);
  const pause = useLate(loadPause);
  const paused = pause?.isPaused(of, document) ?? false;
  const end = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!loaded || !end.current || !paper.current) return undefined;
    const watcher = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) setRead(true); }, { root: paper.current, rootMargin: '0px 0px 24px 0px' });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [loaded]);
  const open = read && (loaded?.intact ?? false);
  const own = document.kind === 'agreement';
  return (
    <Shell testid="document" label={document.number} notice={<>{call ? <CallStrip session={session} of={of} call={call} /> : !own && <div class="notice"><Banner tone="warn" icon="phone" testid="call-away" action={<Button size="m" testid="rejoin" onClick={() => session.rejoin()}>{t('callRejoin')}</Button>}>{t('callAway')}</Banner></div>}{notice}</>} onSendOfficer={(reason) => session.sendOfficer(reason)} foot={<>
      <p class={`readmark${open ? ' readmark--done' : ''}`} id="readmark" role="status" data-testid="read-state">
        <Icon name={open ? 'check' : 'down'} size="s" />{open ? t('docEnd') : t('docScroll')}</p>
      {!own && electronic && <electronic.Electronic session={session} document={document} />}
      <div class={own ? 'pair' : 'three'}>
        <Button kind="primary" size="l" disabled={!open || paused} describedBy="readmark" testid="sign" onClick={() => setChoice('sign')}>{t('sign')}</Button>
        {!own && <Button size="l" disabled={!open} describedBy="readmark" testid="object" onClick={() => setChoice('object')}>{t('object')}</Button>}
        <Button size="l" disabled={!open} describedBy="readmark" testid="refuse" onClick={() => setChoice('refuse')}>{own ? ta('refuse') : t('refuse')}</Button>
      </div>
      {pause && <pause.PauseButton session={session} of={of} document={document} />}</>}>
      <Heading lead={own ? ta('docLead') : t('docLead')}>{own ? ta('docTitle') : t('docTitle')}</Heading>
      {pause && <pause.PauseNotice session={session} of={of} document={document} />}
      {loaded && !loaded.intact && <Banner tone="bad" icon="warning" urgent testid="document-broken">{t('docBroken')}</Banner>}
      {error && <Banner tone="bad" icon="warning" urgent action={<Button size="m" onClick={retry}>{ts('retry')}</Button>}>{error}</Banner>}
      <div class="paper" ref={paper} tabIndex={0} role="document" aria-label={own ? ta('docTitle') : t('docTitle')} data-testid="document-text">
        {loaded ? <pre>{loaded.text}</pre> : !error && <div class="paper__wait"><Spinner label={t('docLoad')} /></div>}
        {loaded && <p class="paper__hash">{t('docHash')} SHA-256<br /><span class="num">{document.sha256}</span></p>}
        <div ref={end} class="paper__end" />
      </div>
      {document.pdf_sha256 && <p class="paper__pdf"><PdfButton api={session.api} caseId={of.id} document={document} /></p>}
      {choice === 'sign' && !paused && <SignDialog session={session} document={document} onClose={() => setChoice(null)} pause={pause && <pause.PauseButton session={session} of={of} document={document} />} />}
      {(choice === 'object' || choice === 'refuse') && <SayDialog session={session} document={document} decision={choice} onClose={() => setChoice(null)} />}
    </Shell>
  );
}

interface DialogProps { session: PartySession; document: CaseDocument; onClose: () => void }

function SignDialog({ session, document, onClose, pause }: DialogProps & { pause: preact.ComponentChildren }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const key = useRef(newKey());
  const [empty, setEmpty] = useState(true);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let gone = false;
    let fit = () => undefined as void;
    void import('signature_pad').then(({ default: Pad }) => {
      const element = canvas.current;
      if (gone || !element) return;
      pad.current = new Pad(element, { penColor: '#0b1b3a', backgroundColor: '#ffffff', minWidth: 1.2, maxWidth: 3.4 });
      fit = () => {
        const strokes = pad.current!.toData();
        const ratio = Math.min(3, Math.max(1, devicePixelRatio));
        element.width = element.offsetWidth * ratio;
        element.height = element.offsetHeight * ratio;
        element.getContext('2d')!.scale(ratio, ratio);
        pad.current!.clear();
        pad.current!.fromData(strokes);
      };
      fit();
      element.dataset.ready = 'true';
      pad.current.addEventListener('endStroke', () => setEmpty(pad.current!.isEmpty()));
    });
    const resized = () => fit();
    window.addEventListener('resize', resized);
    return () => { gone = true; pad.current?.off(); window.removeEventListener('resize', resized); };
  }, []);
  const confirm = async () => {
    if (!pad.current || pad.current.isEmpty()) { toast(t('signEmpty'), 'bad'); return; }
    setBusy(true);
    try {
      const image = pad.current.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
      await session.decide(document, 'signed', key.current, { image_png: image });
      onClose();
    } catch (error) {
      toast(errorText(error), 'bad');
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={t('signTitle')} onClose={busy ? () => undefined : onClose} testid="sign-dialog" foot={<>
      <Button size="l" testid="signature-clear" disabled={busy} onClick={() => { pad.current?.clear(); setEmpty(true); }}>{t('signClear')}</Button>
      <Button kind="primary" size="l" busy={busy} disabled={empty} testid="sign-confirm" onClick={() => void confirm()}>{busy ? t('sending') : t('signConfirm')}</Button></>}>
      <p>{document.kind === 'agreement' ? ta('signMeaning') : t('signMeaning')}</p>
      <div class="sigbox">
        {empty && <span class="sigbox__hint" aria-hidden="true">{t('signHere')}</span>}
        <canvas ref={canvas} class="sigbox__canvas" data-testid="signature-canvas" aria-label={t('signHere')} role="img" />
      </div>
      <Button kind="quiet" size="m" testid="sign-cancel" disabled={busy} onClick={onClose}>{ts('cancel')}</Button>
      {pause}
    </Dialog>
  );
}

function SayDialog({ session, document, decision, onClose }: DialogProps & { decision: 'object' | 'refuse' }) {
  const [statement, setStatement] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const objecting = decision === 'object';
  const own = document.kind === 'agreement';
  const said = statement.trim();
  const send = async () => {
    setTried(true);
    if (objecting && said.length < 2) return;
    setBusy(true);
    try {
      await session.decide(document, objecting ? 'objected' : 'refused', key.current, said ? { statement: said } : {});
      onClose();
    } catch (error) {
      toast(errorText(error), 'bad');
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={objecting ? t('objectTitle') : own ? ta('refuseTitle') : t('refuseTitle')} onClose={onClose} testid={`${decision}-dialog`} foot={<>
      <Button size="l" testid={`${decision}-cancel`} disabled={busy} onClick={onClose}>{ts('cancel')}</Button>
      <Button kind="primary" size="l" busy={busy} testid={`${decision}-confirm`} onClick={() => void send()}>{objecting ? t('objectConfirm') : own ? ta('refuseConfirm') : t('refuseConfirm')}</Button></>}>
      <p>{objecting ? t('objectLead') : own ? ta('refuseLead') : t('refuseLead')}</p>
      <TextArea label={objecting ? t('objectText') : own ? ta('refuseText') : t('refuseText')} value={statement} onValue={setStatement} rows={4} maxLength={1000} testid="statement"
        error={tried && objecting && said.length < 2 ? t('objectNeeded') : null} />
    </Dialog>
  );
}
