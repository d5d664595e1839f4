// Middle: the clocks, the live picture as the largest thing, the shot list with its stills, and what to do next.
import { useRef, useState } from 'preact/hooks';
import type { Call, CallState } from '@shared/call';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { personId, personName } from '@shared/people';
import { api } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { clock, sinceMs, timeWithSeconds } from '@shared/time';
import type { CallParticipant, Case } from '@shared/types';
import { Button, Dialog, Icon, LiveVideo, SoundButton } from '@shared/ui';
import { ListeningNotice } from '@shared/ui/listening';
import { NetMeter, useLegLevel } from '@shared/ui/meter';
import { useKey } from './keys';
import { t } from './messages';
import { HandOver, HandOverNote } from './offers';
import { targets, urgency } from './queue';
import { photoText, type Room } from './room';
import { ClearRoad, Shots, clearRoad, freeze, nextShot, shotsOf } from './shots';
import { mayDetermine } from './post';
import { Talk, TalkButton } from './talk';
import { Stalled, VoiceOnly } from './voice_only';

/** A first Cluster is on disk well before this; later than this it is a fault. */
const RECORDING_STARTS_MS = 4000;
/** The first keyframe has come well before this. */
const PICTURE_STARTS_MS = 4000;

export function Stage({ room, file }: { room: Room; file: Case }) {
  const { call, chat } = useStore(room);
  return (
    <main class="stage">
      <div><Clocks room={room} file={file} /><HandOverNote room={room} file={file} />{call && <ListeningNotice call={call} class="stage__listening" />}</div>
      <div class="stage__view">
        {call ? <LiveView room={room} call={call} file={file} /> : <div class="view view--empty">{t('ended')}</div>}
        {chat && <Talk room={room} chat={chat} />}
      </div>
      <Shots room={room} file={file} />
      <Actions room={room} file={file} />
      <ClearRoad room={room} file={file} />
    </main>
  );
}

function Clocks({ room, file }: { room: Room; file: Case }) {
  const now = useNow();
  const aim = targets(useStore(room).config);
  const until = (from: string | null, to: string | null) => (from ? (to ? Date.parse(to) - Date.parse(from) : sinceMs(from, now)) : 0);
  const rows = [
    { name: t('answer'), ms: until(file.queued_at, file.claimed_at), target: aim.answer_s, done: file.claimed_at },
    { name: t('clear'), ms: until(file.claimed_at, file.evacuated_at), target: aim.clear_s, done: file.evacuated_at },
    { name: t('close'), ms: until(file.queued_at ?? file.created_at, file.closed_at), target: aim.close_s, done: file.closed_at },
  ];
  return (
    <div class="clocks">
      {rows.map((row) => (
        <div key={row.name} class={`clocks__one clocks__one--${urgency(row.ms, row.target)}`}>
          {row.name} <span class="num">{clock(row.ms)}</span> {row.done ? <Icon name="check" size="s" /> : <small class="num">/ {clock(row.target * 1000)}</small>}
        </div>
      ))}
    </div>
  );
}

function phaseText(phase: CallState['phase']): string | null {
  const words: Partial<Record<CallState['phase'], string>> = {
    connecting: t('connecting'), reconnecting: t('reconnecting'), replaced: t('replaced'), refused: t('refused'), ended: t('ended'), full: t('connecting'),
  };
  return words[phase] ?? null;
}

/** The others in the call: one large, the rest beside it; a click or the keys 1 to 3 say which. All stay where they are
 * in the page, so that nobody's sound breaks off. */
function Pictures({ room, call, file }: { room: Room; call: Call; file: Case }) {
  const state = useStore(call);
  const { participants, large } = useStore(room);
  const now = useNow();
  const others = state.others;
  const main = others.find((one) => personId(one.who) === large) ?? others.find((one) => one.main) ?? others[0];
  useKey('enlarge', others.length > 1 ? (at) => { const one = others[at]; if (one) room.choose(personId(one.who)); } : null);
  if (!main) return <LiveVideo stream={state.remote} label={t('party', { label: partyMark(file.parties[0]!.label) })} testid="desk-remote-video" />;
  return (
    <div class={`pictures${others.length > 1 ? ' pictures--many' : ''}`}>
      {others.map((one, index) => {
        const leg = participants.find((other) => personId(other) === personId(one.who)) ?? one.who;
        const on = one === main;
        const name = personName(one.who);
        // A track that once had packets stays unmuted: that no picture comes any more is known from the service's figures.
        const voice = leg.mode === 'voice';
        const seen = one.video && !voice && !(leg.width === null && sinceMs(leg.joined_at, now) > PICTURE_STARTS_MS);
        return (
          <figure key={personId(one.who)} class={`pictures__one${on ? ' pictures__one--large' : ''}`} data-testid={`picture-${one.who.guest_kind ?? one.who.label ?? one.who.kind}`} data-large={on}>
            {!seen && !(voice && leg.live_still) && <Icon name="person" size="l" />}
            {voice && <VoiceOnly room={room} file={file} leg={leg} large={on} />}
            <LiveVideo stream={one.stream} label={name} class={seen ? '' : 'pictures__none'} testid={on ? 'desk-remote-video' : 'desk-small-video'} />
            <figcaption class="view__tag">
              {others.length > 1 && <kbd aria-hidden="true">{index + 1}</kbd>}{name}{on && !voice && leg.width ? <span class="num"> {leg.width}×{leg.height}</span> : null} <LegMeter leg={leg} file={file} testid={on ? 'desk-network' : `desk-network-${index}`} />
            </figcaption>
            {!on && <button type="button" class="pictures__choose" aria-label={t('enlarge', { who: name })} title={t('enlarge', { who: name })} data-testid={`enlarge-${index + 1}`} onClick={() => room.choose(personId(one.who))} />}
            {on && seen && <Stalled video={`picture-${one.who.guest_kind ?? one.who.label ?? one.who.kind}`} leg={leg} />}
          </figure>
        );
      })}
    </div>
  );
}

function LiveView({ room, call, file }: { room: Room; call: Call; file: Case }) {
  const state = useStore(call);
  const local = useStore(room.local);
  const { participants } = useStore(room);
  const box = useRef<HTMLDivElement>(null);
  const party = participants.find((one) => one.kind === 'party' && one.media !== 'gone');
  const word = phaseText(state.phase);
  const again = state.phase === 'replaced' || state.phase === 'ended' || state.phase === 'refused';
  const full = () => void box.current?.requestFullscreen?.();
  useKey('full', full);
  useKey('join', again ? () => void room.join() : null);
  return (
    <div class="view" ref={box}>
      <Pictures room={room} call={call} file={file} />
      <RecordingTag participants={participants.filter((one) => !one.listens)} />
      <Absent party={party} file={file} phase={state.phase} />
      {word && (
        <div class="view__word" role="status" data-testid="desk-call-state" data-phase={state.phase}>
          {word}{again && <Button kind="primary" kbd="J" testid="desk-rejoin" onClick={() => void room.join()}>{t(state.phase === 'replaced' ? 'takeBack' : 'rejoin')}</Button>}
        </div>
      )}
      <SoundButton class="view__sound" />
      <figure class="view__self">
        {local.video ? <LiveVideo stream={local.stream} muted mirror label={t('me')} testid="desk-local-video" /> : <span>{t('noCamera')}</span>}
        <figcaption>{t('me')} <LegMeter leg={participants.find((one) => one.leg_id === state.legId)} file={file} testid="desk-own-network" /></figcaption>
      </figure>
      <Button kind="stage" icon="expand" class="view__full" label={t('openStill')} onClick={full} />
    </div>
  );
}

function LegMeter({ leg, file, testid }: { leg: CallParticipant | undefined; file: Case; testid: string }) {
  const level = useLegLevel(leg);
  return <NetMeter level={level} {...(leg ? { who: personName(leg) } : {})} api={api} caseId={file.id} nameOf={personName} testid={testid} />;
}

function RecordingTag({ participants }: { participants: CallParticipant[] }) {
  const now = useNow();
  if (participants.length === 0) return null;
  const idle = participants.filter((one) => one.recording !== 'live');
  const starting = idle.length > 0 && idle.every((one) => one.recording === 'stopped' && sinceMs(one.joined_at, now) < RECORDING_STARTS_MS);
  const bad = idle.length > 0 && !starting;
  const since = participants.map((one) => one.joined_at).sort()[0] ?? null;
  return (
    <span class={`view__rec ${bad ? 'view__rec--bad' : ''}`} data-testid="desk-recording" data-state={starting ? 'starting' : bad ? 'stopped' : 'live'} role={bad ? 'alert' : undefined}>
      <i class="dot dot--live" aria-hidden="true" />{starting ? t('recordingStarts') : bad ? t('recordingStopped') : t('recordingAll', { n: participants.length, t: clock(sinceMs(since, now)) })}
    </span>
  );
}

function Absent({ party, file, phase }: { party: CallParticipant | undefined; file: Case; phase: CallState['phase'] }) {
  const now = useNow();
  if (phase !== 'connected' || (party && party.media !== 'gone' && party.media !== 'warning')) return null;
  const person = file.parties.find((one) => one.is_reporter) ?? file.parties[0]!;
  return (
    <div class="view__absent" role="alert" data-testid="desk-party-gone">
      <Icon name="warning" />{person.last_seen_at ? t('vanished', { t: clock(sinceMs(person.last_seen_at, now)) }) : t('waitingParty')}
    </div>
  );
}

function Actions({ room, file }: { room: Room; file: Case }) {
  const local = useStore(room.local);
  const { call, chat, photos, codes, shot } = useStore(room);
  const asked = photos[photos.length - 1];
  const [ask, setAsk] = useState<'scene' | 'release' | null>(null);
  const open = !['closed', 'on_scene', 'expired'].includes(file.state);
  const askable = call && open && asked?.state !== 'pending';
  const released = ['in_call', 'evidence_fixed'].includes(file.state);
  const clearable = open && !file.evacuated_at && file.stills.length > 0 && mayDetermine();
  const photo = () => void room.askPhoto(codes ? nextShot(shotsOf(file, codes), shot)?.code : undefined);
  const mute = () => room.local.setMuted(!local.muted);
  const camera = () => void room.local.setCameraOff(!local.cameraOff);
  useKey('freeze', open ? () => void freeze(room) : null);
  useKey('photo', askable ? photo : null);
  useKey('mute', call ? mute : null);
  useKey('camera', call ? camera : null);
  useKey('clear', clearable ? () => void clearRoad(room) : null);
  useKey('release', released ? () => setAsk('release') : null);
  useKey('scene', open ? () => setAsk('scene') : null);
  const answer = (yes: boolean) => {
    const what = ask;
    setAsk(null);
    if (!yes) return;
    if (what === 'scene') void room.attempt(() => api.onScene(file.id), t('onSceneDone'));
    else void room.attempt(() => api.release(file.id)).then((done) => done && room.leave());
  };
  return (
    <div class="actions">
      <Button class="actions__still" icon="photo" kbd="␣" testid="snapshot" disabled={!open} onClick={() => void freeze(room)}>{t('freeze')}</Button>
      {call && <Button kind="stage" icon="photo" kbd="P" testid="ask-photo" disabled={!askable} onClick={photo}><span class="actions__word">{t(asked?.state === 'pending' ? 'photoPending' : 'photoAsk')}</span></Button>}
      {asked && <span role="status" class="visually-hidden" data-testid="photo-request" data-state={asked.state}>{photoText(asked)}</span>}
      {call && <Button kind="stage" icon={local.muted ? 'mic_off' : 'mic'} pressed={local.muted} testid="desk-mute" kbd="M" onClick={mute}><span class="actions__word">{t(local.muted ? 'unmute' : 'mute')}</span></Button>}
      {call && <Button kind="stage" icon={local.cameraOff ? 'camera_off' : 'camera'} pressed={local.cameraOff} kbd="C" testid="desk-camera" onClick={camera}><span class="actions__word">{t(local.cameraOff ? 'cameraOn' : 'camera')}</span></Button>}
      {chat && <TalkButton room={room} chat={chat} />}
      {released && <Button kind="stage" icon="back" kbd="R" testid="release" onClick={() => setAsk('release')}>{t('release')}</Button>}
      {['in_call', 'evidence_fixed', 'determined', 'agreed', 'served'].includes(file.state) && <HandOver room={room} file={file} />}
      {call && (local.audioProblem || local.videoProblem) && <span class="actions__problem" role="alert"><Icon name="warning" size="s" />{t('deviceProblem')}</span>}
      <span class="actions__gap" />
      <Button kind="stage" class="actions__scene" icon="officer" kbd="O" testid="desk-on-scene" disabled={!open} onClick={() => setAsk('scene')}>{t('onScene')}</Button>
      {file.evacuated_at
        ? <span class="actions__done"><Icon name="check" size="s" />{t('evacuated', { t: timeWithSeconds(file.evacuated_at) })}</span>
        : <Button kind="ok" icon="evacuate" kbd="E" testid="evacuate" disabled={!clearable} onClick={() => void clearRoad(room)}>{t('evacuate')}</Button>}
      {ask && (
        <Dialog title={t(ask === 'scene' ? 'onScene' : 'release')} onClose={() => answer(false)}
          foot={<><Button onClick={() => answer(false)}>{ts('cancel')}</Button><Button kind="alarm" testid="confirm" autofocus onClick={() => answer(true)}>{ts('confirm')}</Button></>}>
          {t(ask === 'scene' ? 'onSceneAsk' : 'releaseAsk')}
        </Dialog>
      )}
    </div>
  );
}
