// The call: the own rear camera fills the screen, since the driver aims with it; the officer's face, name and badge
// stand above it. A tap on the officer's picture swaps the two.
import { useEffect, useState } from 'preact/hooks';
import type { Call, CallPhase, CallState, Remote } from '@shared/call';
import { alive } from '@shared/media';
import { useNow, useStore } from '@shared/store';
import { clock, sinceMs } from '@shared/time';
import type { Case } from '@shared/types';
import { ts } from '@shared/messages';
import { personId, personName } from '@shared/people';
import { Button, Dialog, Icon, LiveSound, LiveVideo, SoundButton } from '@shared/ui';
import { ListeningNotice } from '@shared/ui/listening';
import { NetMeter } from '@shared/ui/meter';
import { t } from '../messages';
import type { LowBand } from '../lowband';
import type { PartySession } from '../session';
import { DemoStrip, HelpRow } from '../shell';
import { TalkButton } from '../talk';
import { AskedPhoto } from './asked';
import { DeviceAdvice } from './waiting';

export function callWord(phase: CallPhase, remoteVideo: boolean, remoteAudio: boolean): string {
  switch (phase) {
    case 'connected': return remoteVideo || remoteAudio ? t('callConnected') : t('callWaitingOfficer');
    case 'reconnecting': return t('callReconnecting');
    case 'full': return t('callFull');
    case 'refused': return t('callRefused');
    case 'ended': return t('callEnded');
    default: return t('callConnecting');
  }
}

/** The officer, small: the picture if there is one, and always who it is. */
export function OfficerCard({ of, state, onTap }: { of: Case; state: CallState; onTap?: () => void }) {
  const badge = of.officer?.badge_number;
  return (
    <div class="officer" data-testid="officer-card">
      <button type="button" class="officer__picture" disabled={!onTap} aria-label={t('callOfficer')} data-testid="swap-view" onClick={onTap}>
        {state.remoteVideo ? null : <Icon name="officer" size="l" />}
        <LiveVideo stream={state.remote} label={t('callOfficer')} testid="call-remote-video" class={state.remoteVideo ? 'officer__video' : 'officer__video officer__video--none'} />
      </button>
      <div class="officer__who">
        <b data-testid="officer-name">{of.officer?.name ?? t('callOfficer')}</b>
        {badge && <span class="num" data-testid="officer-badge">{t('callBadge', { badge })}</span>}
        <small role="status" data-testid="call-state" data-phase={state.phase}>{callWord(state.phase, state.remoteVideo, state.remoteAudio)}</small>
      </div>
    </div>
  );
}

/** Those who have no picture on this screen are heard all the same. */
export function Voices({ others }: { others: Remote[] }) {
  return <>{others.map((one) => <LiveSound key={personId(one.who)} stream={one.stream} />)}</>;
}

/** Everybody else in the call, small: picture or not, with name and role. */
export function Tiles({ others }: { others: Remote[] }) {
  if (others.length === 0) return null;
  return (
    <ul class="tiles" data-testid="tiles">
      {others.map((one) => (
        <li key={personId(one.who)} class="tile" data-testid={`tile-${one.who.guest_kind ?? one.who.label ?? one.who.kind}`}>
          {!one.video && <Icon name="person" size="l" />}
          <LiveVideo stream={one.stream} label={personName(one.who)} class={one.video ? 'tile__video' : 'tile__video tile__video--none'} />
          <span class="tile__name">{personName(one.who)}</span>
        </li>
      ))}
    </ul>
  );
}

export function RecordingMark({ of, state }: { of: Case; state: CallState }) {
  const now = useNow();
  const live = state.phase === 'connected';
  const since = of.claimed_at ? sinceMs(of.claimed_at, now) : now - (state.connectedAt ?? now);
  return (
    <span class={`recmark${live ? ' recmark--live' : ''}`} data-testid="recording-notice">
      <i class={live ? 'dot dot--live' : 'dot'} aria-hidden="true" />{live ? t('callRecording') : callWord(state.phase, false, false)}{live && <span class="num"> {clock(since)}</span>}
    </span>
  );
}

export function ReconnectNotice({ state }: { state: CallState }) {
  // The service has no room (503): the call asks again by itself, and the person is told so.
  const linesFull = state.phase !== 'connected' && state.error?.status === 503;
  if (state.renewing || (!linesFull && state.phase !== 'reconnecting' && state.phase !== 'full')) return null;
  return (
    <div class="reconnect" role="alert" data-testid="reconnecting"><span class="spinner" aria-hidden="true" />
      <span><b>{linesFull ? ts('callsFull') : state.phase === 'full' ? t('callFull') : t('callReconnecting')}</b><small>{t('callReconnectHint')}</small></span></div>
  );
}

/** Why the officer has no live picture, and that nothing has to be done. */
export function LowBandNotice({ band, sending }: { band: LowBand; sending: boolean }) {
  const { mode, stillAt } = useStore(band);
  const now = useNow();
  if (mode === 'video') return null;
  return (
    <div class="reconnect lowband" role="status" data-testid="low-band"><Icon name="photo" />
      <span><b>{t(sending ? 'lowBand' : 'lowBandNoCamera')}</b><small>{t('lowBandHint')}</small>{sending && stillAt !== null && <small class="num" aria-hidden="true">{t('lowBandLast', { s: Math.max(0, Math.round((now - stillAt) / 1000)) })}</small>}</span></div>
  );
}

export function CallScreen({ session, of, call }: { session: PartySession; of: Case; call: Call }) {
  const state = useStore(call);
  const local = useStore(session.local);
  const band = useStore(session.lowBand);
  const chat = useStore(session.chat);
  const [swapped, setSwapped] = useState(false);
  const [ending, setEnding] = useState(false);
  const seen = alive(local.video);
  const big = swapped && state.remoteVideo ? 'remote' : 'self';
  useEffect(() => { if (!state.remoteVideo) setSwapped(false); }, [state.remoteVideo]);
  return (
    <div class="screen call" data-testid="screen-call">
      <DemoStrip />
      <div class="call__stage">
        {big === 'remote' ? <LiveVideo stream={state.remote} muted label={t('callOfficer')} class="call__video" />
          : seen ? <LiveVideo stream={local.stream} muted mirror={local.facing === 'user'} label={t('testPicture')} testid="self-video" class="call__video" />
            : <div class="call__none"><Icon name="camera_off" size="l" /><span>{local.cameraOff ? t('cameraOffNow') : t('noCameraNow')}</span></div>}
      </div>
      <main class="call__over">
        <h1 class="visually-hidden" tabIndex={-1}>{t('callWith')}</h1>
        <div class="call__top">
          <RecordingMark of={of} state={state} />
          <span class="netmark"><NetMeter level={state.network.level} words api={session.api} caseId={of.id} testid="network"
            nameOf={personName} /></span>
        </div>
        <ListeningNotice call={call} />
        <OfficerCard of={of} state={state} {...(state.remoteVideo ? { onTap: () => setSwapped(!swapped) } : {})} />
        <Tiles others={state.others.filter((one) => !one.main)} />
        <ReconnectNotice state={state} />
        {band && (state.phase === 'connected' || state.renewing) && <LowBandNotice band={band} sending={seen} />}
        <AskedPhoto ask={session.photo} />
        <SoundButton class="call__sound" />
        <div class="call__advice"><DeviceAdvice session={session} /></div>
        <div class="call__grow" />
        {state.phase === 'connected' && <p class="call__say">{of.evacuated_at ? t('evacuated') : of.state !== 'in_call' ? t('callEvidence') : t('callFilm')}{local.muted && <small>{t('micOffHint')}</small>}</p>}
        <div class="controls" role="toolbar" aria-label={t('callWith')}>
          <Control icon="flip" text={t('switchCamera')} testid="switch-camera" disabled={local.cameraOff || local.opening} onClick={() => void session.local.switchCamera()} />
          <Control icon={local.cameraOff ? 'camera_off' : 'camera'} text={local.cameraOff ? t('cameraOn') : t('cameraOff')} testid="camera-off" pressed={local.cameraOff} onClick={() => void session.local.setCameraOff(!local.cameraOff)} />
          <Control icon={local.muted ? 'mic_off' : 'mic'} text={local.muted ? t('unmute') : t('mute')} testid="mute" pressed={local.muted} onClick={() => session.local.setMuted(!local.muted)} />
          {chat && <TalkButton chat={chat} />}
          <Control icon="hangup" text={t('callEnd')} testid="hang-up" end onClick={() => setEnding(true)} />
        </div>
        <HelpRow stage onSendOfficer={(reason) => session.sendOfficer(reason)} />
      </main>
      {ending && (
        <Dialog sheet title={t('callEndTitle')} onClose={() => setEnding(false)} testid="hang-up-dialog" foot={<>
          <Button kind="primary" size="l" block onClick={() => setEnding(false)} testid="hang-up-cancel">{t('callEndNo')}</Button>
          <Button kind="danger" size="l" block testid="hang-up-confirm" onClick={() => { setEnding(false); session.hangUp(); }}>{t('callEndYes')}</Button></>}>
          <p>{t('callEndBody')}</p>
        </Dialog>)}
    </div>
  );
}

export function Control(props: { icon: Parameters<typeof Icon>[0]['name']; text: string; testid: string; onClick: () => void; pressed?: boolean; disabled?: boolean; end?: boolean }) {
  return (
    <button type="button" class={`control${props.end ? ' control--end' : ''}`} aria-pressed={props.pressed} disabled={props.disabled} data-testid={props.testid} onClick={props.onClick}>
      <span class="control__disc"><Icon name={props.icon} /></span><span class="control__text">{props.text}</span>
    </button>
  );
}

export function Rejoin({ session, of }: { session: PartySession; of: Case }) {
  return (
    <div class="screen screen--centre" data-testid="screen-rejoin">
      <Icon name="phone" size="l" />
      <h1 tabIndex={-1}>{t('callEnded')}</h1>
      <p>{t('callEndBody')}</p>
      <p class="num">{of.number}</p>
      <Button kind="primary" size="l" block testid="rejoin" onClick={() => session.rejoin()}>{t('callRejoin')}</Button>
      <HelpRow onSendOfficer={(reason) => session.sendOfficer(reason)} />
    </div>
  );
}
