// From the outcome to the officer: the outcome, the test of camera and microphone, the queue, photos meanwhile.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, errorText, newKey } from '@shared/api';
import { pick, pickField } from '@shared/i18n';
import { alive, browserKind, type DeviceProblem } from '@shared/media';
import { ts } from '@shared/messages';
import { useNow, useStore } from '@shared/store';
import { clock, sinceMs, waitText } from '@shared/time';
import type { Case, Codes, Code } from '@shared/types';
import { Banner, Button, Icon, LevelMeter, LiveVideo, Progress, toast } from '@shared/ui';
import { ta } from '../agreement_messages';
import { Grounds, Hurt } from '../grounds';
import { t, type DriverKey } from '../messages';
import { Mine } from '../mine';
import { PatrolPicture, RemotePicture } from '../pictures';
import { SecondParty } from '../second_party';
import type { PartySession } from '../session';
import { config, Heading, Shell } from '../shell';
import { Limits } from './limits';
import { ReviewOf } from './review_late';

interface Props { session: PartySession; of: Case; notice: preact.ComponentChildren }

export function Outcome({ session, of, notice, onNext, onSettle }: Props & { onNext: () => void; onSettle: () => void }) {
  const remote = of.eligibility.outcome === 'remote';
  const [busy, setBusy] = useState(false);
  const dispatch = async () => {
    setBusy(true);
    try { await session.sendOfficer(); } catch (error) { toast(errorText(error), 'bad'); }
    setBusy(false);
  };
  return (
    <Shell testid="outcome" notice={notice} progress={{ at: 5, of: 6 }} onSendOfficer={(reason) => session.sendOfficer(reason)} foot={remote
      ? <>
        <Button kind="primary" size="l" block testid="next" onClick={onNext}>{ts('next')}</Button>
        {of.agreement.allowed && <Button size="l" block icon="pen" testid="settle" onClick={onSettle}>{ta(of.agreement.status === 'none' ? 'start' : 'resume')}</Button>}</>
      : <Button kind="alarm" size="l" block busy={busy} icon="officer" testid="dispatch" onClick={() => void dispatch()}>{t('sendOfficerYes')}</Button>}>
      {remote ? <RemotePicture /> : <PatrolPicture />}
      <Heading lead={remote ? t('remoteLead') : t('onSceneLead')}><span data-testid="outcome-title">{remote ? t('remoteTitle') : t('onSceneTitle')}</span></Heading>
      <Hurt of={of} />
      <Grounds of={of} />
      {of.late_report?.accepted === true && <Banner tone="ok" icon="check" testid="late-accepted">{t('lateAccepted')}</Banner>}
      <Limits of={of} />
      {remote && <SecondParty session={session} of={of} />}
      <p class="caseno">{t('caseNumber', { number: '' })}<span class="num" data-testid="case-number">{of.number}</span></p>
      {remote && of.agreement.allowed && <p class="note"><Icon name="pen" size="s" />{ta('startHint')}</p>}
      <p class="note"><Icon name={remote ? 'link' : 'warning'} size="s" />{remote ? t('linkKept') : t('keepScene')}</p>
    </Shell>
  );
}

function problemText(kind: 'mic' | 'cam', problem: DeviceProblem): string {
  const words: Record<DeviceProblem, DriverKey> = {
    denied: kind === 'mic' ? 'micDenied' : 'camDenied', missing: 'deviceMissing', busy: 'deviceBusy', insecure: 'deviceInsecure', unsupported: 'deviceUnsupported',
  };
  return t(words[problem]);
}

const UNANSWERED_MS = 3000;

/** What is wrong with the devices and how to allow them in this very browser. */
export function DeviceAdvice({ session }: { session: PartySession }) {
  const local = useStore(session.local);
  const { audioProblem, videoProblem } = local;
  const [unanswered, setUnanswered] = useState(false);
  useEffect(() => {
    setUnanswered(false);
    const timer = setTimeout(() => setUnanswered(local.opening), UNANSWERED_MS);
    return () => clearTimeout(timer);
  }, [local.opening]);
  if (local.opening && unanswered) {
    return <Banner tone="warn" icon="mic" urgent testid="device-advice" title={t('testAsk')}>{t(`allow_${browserKind()}` as DriverKey)}</Banner>;
  }
  if (!local.opened || (!audioProblem && !videoProblem)) return null;
  const denied = audioProblem === 'denied' || videoProblem === 'denied';
  return (
    <Banner tone={audioProblem ? 'bad' : 'warn'} icon={audioProblem ? 'mic_off' : 'camera_off'} urgent testid="device-advice"
      title={audioProblem ? problemText('mic', audioProblem) : problemText('cam', videoProblem!)}>
      {denied ? t(`allow_${browserKind()}` as DriverKey) : audioProblem ? t('micNone') : t('camNone')}
      <div class="banner__act"><Button size="m" icon="refresh" busy={local.opening} testid="device-retry" onClick={() => void session.local.open()}>{ts('retry')}</Button></div>
    </Banner>
  );
}

function SelfView({ session, small }: { session: PartySession; small?: boolean }) {
  const local = useStore(session.local);
  const live = alive(local.video);
  return (
    <div class={`selfview${small ? ' selfview--small' : ''}`}>
      {live ? <LiveVideo stream={local.stream} muted mirror={local.facing === 'user'} label={t('testPicture')} testid="self-video" class="selfview__video" />
        : <div class="selfview__none"><Icon name={local.opened ? 'camera_off' : 'camera'} size="l" /><span>{local.opening ? ts('loading') : local.cameraOff ? t('cameraOffNow') : local.opened ? t('noCameraNow') : t('cameraNotYet')}</span></div>}
      {local.opened && (
        <div class="selfview__tools">
          {live && <button type="button" class="round" aria-label={t('switchCamera')} title={t('switchCamera')} data-testid="switch-camera" onClick={() => void session.local.switchCamera()}><Icon name="flip" /></button>}
          <button type="button" class="round" aria-label={local.cameraOff ? t('cameraOn') : t('cameraOff')} aria-pressed={local.cameraOff} data-testid="camera-off"
            onClick={() => void session.local.setCameraOff(!local.cameraOff)}><Icon name={local.cameraOff ? 'camera_off' : 'camera'} /></button>
        </div>)}
    </div>
  );
}

export function DeviceTest({ session, of, notice, onBack }: Props & { onBack: () => void }) {
  const local = useStore(session.local);
  const [heard, setHeard] = useState(false);
  const [busy, setBusy] = useState(false);
  const join = async () => {
    setBusy(true);
    try { await session.joinQueue(); } catch (error) { toast(errorText(error), 'bad'); setBusy(false); }
  };
  const returning = of.state === 'abandoned';
  return (
    <Shell testid="test" notice={notice} progress={{ at: 6, of: 6 }} onBack={returning ? null : onBack} onSendOfficer={(reason) => session.sendOfficer(reason)} foot={local.opened
      ? <Button kind="primary" size="l" block busy={busy} testid="join-queue" onClick={() => void join()}>{t('joinQueue')}</Button>
      : <Button kind="primary" size="l" block icon="camera" busy={local.opening} testid="open-devices" onClick={() => void session.local.open()}>{t('testAllow')}</Button>}>
      <Heading lead={local.opened ? (returning ? t('abandonedLead') : t('testLead')) : t('testAsk')}>{returning ? t('abandonedTitle') : t('testTitle')}</Heading>
      <SelfView session={session} />
      <DeviceAdvice session={session} />
      {local.audio && (
        <div class="hear">
          <div class="hear__row"><Icon name="mic" size="s" /><b>{t('testSay')}</b>
            <span class={heard ? 'say say--ok' : 'say'} role="status" data-testid="heard">{heard && <Icon name="check" size="s" />}{heard ? t('testHeard') : t('testNotHeard')}</span></div>
          <LevelMeter stream={local.stream} track={local.audio} label={t('testMicLevel')} onHeard={() => setHeard(true)} testid="mic-level" />
        </div>)}
    </Shell>
  );
}

export function Waiting({ session, of, notice, onSettle }: Props & { onSettle: () => void }) {
  const now = useNow();
  const local = useStore(session.local);
  const cfg = useStore(config);
  const [busy, setBusy] = useState(false);
  useEffect(() => { void session.local.open(); }, [session]);
  const reopened = of.state === 'reopened';
  const { queue } = of;
  const ahead = Math.max(0, (queue?.position ?? 1) - 1);
  const leave = async () => {
    setBusy(true);
    try { await session.leaveQueue(); toast(t('waitLeft')); } catch (error) { toast(errorText(error), 'bad'); }
    setBusy(false);
  };
  return (
    <Shell testid="waiting" notice={notice} onSendOfficer={(reason) => session.sendOfficer(reason)} foot={!reopened && <>
      {of.agreement.allowed && <Button size="m" block icon="pen" testid="settle" onClick={onSettle}>{ta(of.agreement.status === 'none' ? 'start' : 'resume')}</Button>}
      <Button kind="quiet" size="m" block busy={busy} testid="leave-queue" onClick={() => void leave()}>{t('waitLeave')}</Button></>}>
      <div class="wait" role="status" aria-live="polite">
        <span class="wait__pulse" aria-hidden="true"><Icon name="officer" size="l" /></span>
        <div class="wait__words">
          <h1 tabIndex={-1}>{reopened ? t('reopenedTitle') : t('waitTitle')}</h1>
          {reopened ? <p>{t('reopenedLead')}</p> : <>
            <p class="wait__place" data-testid="queue-position">{ahead === 0 ? t('waitFirst') : t('waitPosition', { ahead })}</p>
            <p class="wait__time" data-testid="expected-wait">{queue ? t('waitExpected', { time: waitText(queue.expected_wait_s) }) : '\u00a0'}</p></>}
        </div>
        {!reopened && <span class="wait__clock num" data-testid="waited" aria-hidden="true">{clock(sinceMs(of.queued_at, now))}</span>}
      </div>
      <p class="note"><Icon name="info" size="s" />{t('waitKeep')}</p>
      {reopened && <ReviewOf session={session} of={of} />}
      <DeviceAdvice session={session} />
      <div class="ready">
        <SelfView session={session} small />
        <div class="ready__side">
          <b class={alive(local.audio) ? 'say say--ok' : 'say say--warn'}><Icon name={alive(local.audio) ? 'check' : 'mic_off'} size="s" />{alive(local.audio) && alive(local.video) ? t('testOk') : alive(local.audio) ? t('callAudioOnly') : t('testNotHeard')}</b>
          {local.audio && <LevelMeter stream={local.stream} track={local.audio} label={t('testMicLevel')} />}
        </div>
      </div>
      <SecondParty session={session} of={of} />
      <Mine session={session} />
      <Photos session={session} of={of} />
      <section class="plain">
        <h2>{t('waitNext')}</h2>
        <ol class="steps"><li>{t('waitNext1')}</li><li>{t('waitNext2')}</li><li>{t('waitNext3')}</li></ol>
        <h2>{t('waitRecorded')}</h2>
        <p>{pick(cfg?.retention_text) || t('retentionDefault')}</p>
      </section>
    </Shell>
  );
}

type Shot = Code & { hint_zh?: string; hint_en?: string; required: boolean; taken: boolean };
interface Upload { file: Blob; key: string; preview: string; share: number; state: 'sending' | 'waiting' | 'sent' | 'failed'; error?: string }

/** The shot list. A photo taken without a network waits here and goes out when there is one. */
export function Photos({ session, of, bare }: { session: PartySession; of: Case; bare?: boolean }) {
  const [codes, setCodes] = useState<Code[]>([]);
  const [all, setAll] = useState(false);
  const uploads = useRef(new Map<string, Upload>()).current;
  const [, draw] = useState(0);
  const redraw = () => draw((count) => count + 1);
  useEffect(() => { void session.api.codes(of.rules_number).then((read: Codes) => setCodes(read.shots), () => undefined); }, [session]);
  // The list is the case's, as the desk sees it: of its accident form, once somebody has named one.
  const shots = of.shot_list.items.flatMap((item): Shot[] => {
    const code = codes.find((one) => one.code === item.code);
    return code ? [{ ...code, ...item }] : [];
  });
  useEffect(() => {
    const online = () => { for (const [shot, upload] of uploads) if (upload.state === 'waiting') void send(shot, upload); };
    window.addEventListener('online', online);
    return () => window.removeEventListener('online', online);
  }, []);
  const send = async (shot: string, upload: Upload) => {
    upload.state = 'sending';
    redraw();
    try {
      await session.api.uploadPhoto(of.id, upload.file, shot, upload.key, (share) => { upload.share = share; redraw(); });
      upload.state = 'sent';
      void session.refresh();
    } catch (error) {
      const network = error instanceof ApiError && error.isNetwork;
      upload.state = network ? 'waiting' : 'failed';
      upload.error = network ? '' : errorText(error);
      if (network && navigator.onLine) setTimeout(() => { if (upload.state === 'waiting') void send(shot, upload); }, 3000);
    }
    redraw();
  };
  const take = (shot: string, file: File | undefined) => {
    if (!file) return;
    const old = uploads.get(shot);
    if (old) URL.revokeObjectURL(old.preview);
    const upload: Upload = { file, key: newKey(), preview: URL.createObjectURL(file), share: 0, state: 'sending' };
    uploads.set(shot, upload);
    void send(shot, upload);
  };
  if (shots.length === 0) return null;
  const first = shots.filter((shot) => shot.required).slice(0, 4);
  const shown = all ? shots : first.length > 0 ? first : shots.slice(0, 3);
  return (
    <section class="photos" aria-label={t('photosTitle')}>
      {!bare && <><h2>{t('photosTitle')}</h2><p>{t('photosLead')}</p></>}
      <ul class="shots">
        {shown.map((shot) => {
          const upload = uploads.get(shot.code);
          const stored = shot.taken;
          const words = upload ? { sending: t('photoSending'), waiting: t('photoWaiting'), sent: t('photoSent'), failed: upload.error || t('photoFailed') }[upload.state] : stored ? t('photoSent') : pickField(shot, 'hint');
          return (
            <li key={shot.code} class={`shot${stored || upload?.state === 'sent' ? ' shot--done' : ''}`} data-testid={`shot-${shot.code}`} data-state={upload?.state ?? (stored ? 'sent' : 'none')}>
              <span class="shot__thumb">{upload ? <img src={upload.preview} alt="" /> : <Icon name={stored ? 'check' : 'photo'} />}</span>
              <span class="shot__words"><b>{pick(shot)}</b><small role="status">{words}</small>
                {upload?.state === 'sending' && <Progress share={upload.share} label={t('photoSending')} />}</span>
              <label class="btn btn--m shot__take">
                {upload || stored ? t('photoAgain') : t('photoTake')}
                <input type="file" class="visually-hidden" accept="image/jpeg,image/png,image/webp" capture="environment" data-testid={`photo-${shot.code}`} aria-label={`${t('photoTake')}: ${pick(shot)}`}
                  onChange={(event) => { take(shot.code, event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
              </label>
            </li>);
        })}
      </ul>
      {shots.length > shown.length || all ? <Button kind="quiet" size="m" testid="photos-more" onClick={() => setAll(!all)}>{all ? t('photosLess') : t('photosMore')}</Button> : null}
    </section>
  );
}
