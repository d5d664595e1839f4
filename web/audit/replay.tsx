// A case on its replay: all participants in step, the file beside them, and who has looked.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { partyMark } from '@shared/party';
import { guestWord } from '@shared/people';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import { bytesText, dayAndTime, position, timeWithSeconds } from '@shared/time';
import type { Case, Recording, Still, TimelineItem } from '@shared/types';
import { Banner, Button, Dialog, Empty, Pill, Spinner } from '@shared/ui';
import { ExportCase } from './export';
import { Lanes, laneName } from './lanes';
import { marksOf, type Mark } from './marks';
import { t } from './messages';
import { Player, lanesOf, segmentAt, type Lane } from './player';
import { stillAt, voiceSpans } from './voice';

interface Opened { file: Case; recordings: Recording[]; timeline: TimelineItem[]; live: Still[] }

async function open(id: string): Promise<Opened> {
  const [file, recordings, timeline, live] = await Promise.all([api.getCase(id), api.recordings(id), api.timeline(id), api.liveStills(id)]);
  return { file, recordings: recordings.items, timeline: timeline.items, live };
}

export function Replay({ id, onBack }: { id: string; onBack: () => void }) {
  useLang();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => { open(id).then(setOpened, (failure) => setError(errorText(failure))); }, [id]);
  if (error) return <Banner tone="bad" icon="warning" action={<Button onClick={onBack}>{t('back')}</Button>}>{error}</Banner>;
  if (!opened) return <div class="replay__loading"><Spinner label={t('loading')} /></div>;
  return <Room opened={opened} onBack={onBack} />;
}

function Room({ opened, onBack }: { opened: Opened; onBack: () => void }) {
  const { file, recordings, timeline, live } = opened;
  const { lanes, originMs, lengthMs } = useMemo(() => lanesOf(recordings), [recordings]);
  const voice = useMemo(() => voiceSpans(timeline, originMs, lengthMs), [timeline, originMs, lengthMs]);
  // One that somebody kept is among the pictures of the case.
  const stills = useMemo(() => [...live, ...file.stills], [live, file]);
  const player = useMemo(() => new Player(lanes, lengthMs), [lanes, lengthMs]);
  const marks = marksOf(file, timeline, originMs);
  useEffect(() => () => player.stop(), [player]);
  useKeys(player);
  return (
    <div class="replay">
      <div class="replay__bar">
        <Button icon="back" onClick={onBack} testid="audit-back">{t('back')}</Button>
        <b class="num">{file.number}</b><Pill tone={file.state === 'closed' ? 'ok' : 'brand'}>{codeText('state', file.state)}</Pill>
        <span>{file.place.text}</span><span class="num">{dayAndTime(file.created_at)}</span>
        {file.officer && <span>{t('officer')} {file.officer.name} <span class="num">{file.officer.badge_number}</span></span>}
        <ExportCase file={file} />
      </div>
      <div class="replay__stage">
        {lanes.length === 0 ? <Empty icon="play">{t('noTracks')}</Empty> : (
          <>
            <div class={`replay__pictures replay__pictures--${Math.min(lanes.length, 4)}`}>
              {lanes.map((lane) => <Picture key={lane.key} lane={lane} player={player} at={(ms) => stillAt(lane, voice, stills, originMs, ms)} />)}
            </div>
            <Controls player={player} originMs={originMs} />
            <Lanes player={player} marks={marks} voice={voice} />
          </>
        )}
      </div>
      <Side opened={opened} marks={marks} onSeek={(ms) => player.seek(ms)} />
    </div>
  );
}

function useKeys(player: Player): void {
  useEffect(() => {
    const keys: Record<string, () => void> = {
      ' ': () => player.toggle(), ArrowLeft: () => player.seek(player.value.atMs - 5000), ArrowRight: () => player.seek(player.value.atMs + 5000),
      ',': () => player.step(-1), '.': () => player.step(1), '[': () => player.faster(-1), ']': () => player.faster(1), Home: () => player.seek(0),
    };
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement && event.target.type !== 'range';
      const action = keys[event.key];
      if (!action || typing || event.ctrlKey || event.metaKey || event.target instanceof HTMLButtonElement && event.key === ' ') return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [player]);
}

function Picture({ lane, player, at }: { lane: Lane; player: Player; at: (ms: number) => ReturnType<typeof stillAt> }) {
  const { atMs } = useStore(player);
  const segment = segmentAt(lane, atMs);
  const { voice, still } = at(atMs);
  return (
    <figure class="picture">
      <video playsInline preload="auto" aria-label={laneName(lane)} data-testid={`replay-video-${lane.label ?? lane.guest ?? 'officer'}`}
        ref={(video) => { if (video && video.dataset.lane !== lane.key) { video.dataset.lane = lane.key; player.attach(lane.key, video); } }} />
      {segment && still && <img class="picture__still" src={still.url} alt={t('voiceStill', { at: timeWithSeconds(still.taken_at) })} data-testid="replay-still" />}
      <figcaption>{laneName(lane)} {lane.name}{segment && lane.segments.length > 1 && ` · ${t('segment', { n: segment.recording.segment })}`}</figcaption>
      {segment && voice && <p class="picture__voice">{still ? t('voiceStill', { at: timeWithSeconds(still.taken_at) }) : t('voiceSpan')}</p>}
      {!segment && atMs < player.lengthMs && <p class="picture__none">{t('silentLane')}</p>}
    </figure>
  );
}

function Controls({ player, originMs }: { player: Player; originMs: number }) {
  const { atMs, playing, speed } = useStore(player);
  return (
    <div class="controls">
      <Button kind="stage" label={`−1 ${t('frameBack')}`} onClick={() => player.step(-1)}>−1</Button>
      <Button kind="stage" icon="play" kbd="␣" testid="replay-play" pressed={playing} onClick={() => player.toggle()}>{t(playing ? 'pause' : 'play')}</Button>
      <Button kind="stage" label={`+1 ${t('frameOn')}`} onClick={() => player.step(1)}>+1</Button>
      <Button kind="stage" testid="replay-speed" onClick={() => (speed === 4 ? [1, 2, 3, 4].forEach(() => player.faster(-1)) : player.faster(1))}>{t('speed', { x: speed })}</Button>
      <span class="num" data-testid="replay-time">{position(atMs, true)} / {position(player.lengthMs)}</span>
      <span class="controls__keys">{t('keys')}</span>
      <span class="num controls__wall">{timeWithSeconds(new Date(originMs + atMs).toISOString())}</span>
    </div>
  );
}

const LOOKS = new Set(['recording.viewed', 'recording.replayed', 'still.viewed', 'live_stills.viewed', 'document.viewed', 'object.viewed', 'case.viewed', 'evidence.viewed']);

function Side({ opened, marks, onSeek }: { opened: Opened; marks: Mark[]; onSeek: (ms: number) => void }) {
  const { file, recordings, timeline } = opened;
  const looked = timeline.filter((item) => LOOKS.has(item.kind)).slice(-20).reverse();
  return (
    <aside class="side">
      <h2>{t('timeline')}</h2>
      <ul class="side__list">{marks.map((mark) => (
        <li key={mark.key}><button type="button" class="link num" onClick={() => onSeek(mark.atMs)}>{position(mark.atMs)}</button><span>{mark.text}</span></li>
      ))}</ul>
      <h2>{t('stills')}</h2>
      <div class="side__stills">{file.stills.map((still) => (
        <button key={still.id} type="button" data-testid="audit-still" onClick={() => onSeek(marks.find((mark) => mark.stillId === still.id)?.atMs ?? 0)}>
          <img src={still.url} alt={`${still.shot ?? ''} ${timeWithSeconds(still.taken_at)}`} loading="lazy" width={still.width} height={still.height} />
        </button>
      ))}</div>
      {file.documents.length > 0 && <h2>{t('documents')}</h2>}
      {file.documents.map((document) => <DocumentCard key={document.id} file={file} id={document.id} />)}
      <h2>{t('tracks')}</h2>
      <ul class="side__list">{recordings.map((one) => (
        <li key={one.id}>
          <span>{one.party_id ? t('party', { label: partyMark(one.label ?? '') }) : one.guest_kind ? `${guestWord(one.guest_kind)} ${one.name ?? ''}` : t('officer')}</span>
          <span>{t(one.status)} · <span class="num">{position(one.duration_ms)}</span> · {bytesText(one.bytes)}
            {one.sha256 && <small class="num side__sha" title={one.sha256}>{t('sha')} {one.sha256.slice(0, 16)}…</small>}</span>
        </li>
      ))}</ul>
      <h2>{t('looked')}</h2>
      {looked.length === 0 ? <p class="side__none">{t('nobody')}</p> : (
        <ul class="side__list">{looked.map((item) => <li key={item.seq}><span class="num">{timeWithSeconds(item.at)}</span><span>{item.actor.name ?? item.actor.kind}</span></li>)}</ul>
      )}
    </aside>
  );
}

function DocumentCard({ file, id }: { file: Case; id: string }) {
  const document = file.documents.find((one) => one.id === id)!;
  const [text, setText] = useState<string | null>(null);
  return (
    <div class="side__document">
      <b>{t('determination', { number: document.number })}</b>
      <Button size="s" icon="document" onClick={() => void api.documentText(file.id, id).then((read) => setText(read.text))}>{t('openDocument')}</Button>
      {document.signatures.map((one) => (
        <div key={one.party_id} class="side__signature" data-testid="audit-signature">
          <span>{t('party', { label: partyMark(one.label) })} {codeText('decision', one.decision)} <span class="num">{timeWithSeconds(one.signed_at)}</span></span>
          {one.statement && <q>{one.statement}</q>}
          {one.signature_object_id && <img src={`/api/v1/cases/${file.id}/objects/${one.signature_object_id}`} alt={codeText('decision', one.decision)} />}
        </div>
      ))}
      {text !== null && <Dialog wide title={document.number} onClose={() => setText(null)}><pre class="side__text">{text}</pre></Dialog>}
    </div>
  );
}
