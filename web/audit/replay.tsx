// A case on its replay: all participants in step, the file beside them, and who has looked.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { CallMessage, Case, Recording, Still, TimelineItem } from '@shared/types';
import { Banner, Button, Empty, Pill, Spinner, toast } from '@shared/ui';
import { absencesOf } from './absences';
import { OneVideo } from './compose';
import { Controls } from './controls';
import { ExportCase } from './export';
import { Frames } from './frames';
import { KeyMap } from './key_map';
import { useKeys } from './keys';
import { hashOf, linkTo, momentOf } from './link';
import { marksOf, type Mark } from './marks';
import { t } from './messages';
import { Pictures } from './pictures';
import { Player, lanesOf, segmentAt, type Lane, type Segment } from './player';
import { tr } from './replay_messages';
import { Scrubber } from './scrubber';
import { Alarm, Seal, useVerification } from './seal';
import { Side } from './side';
import { stillAt, voiceSpans } from './voice';

export interface Opened { file: Case; recordings: Recording[]; timeline: TimelineItem[]; live: Still[]; messages: CallMessage[] }

async function open(id: string): Promise<Opened> {
  const [file, recordings, timeline, live, messages] = await Promise.all([api.getCase(id), api.recordings(id), api.timeline(id), api.liveStills(id), api.messages(id)]);
  return { file, recordings: recordings.items, timeline: timeline.items, live, messages };
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

/** The keyframes of each recording, as they come; the sixth part of a second is enough for an hour. */
function useFrames(lanes: Lane[]): Map<string, Frames> {
  const [frames, setFrames] = useState<Map<string, Frames>>(new Map());
  useEffect(() => {
    let gone = false;
    const load = async (segment: Segment): Promise<[string, Frames]> => {
      const index = await api.recordingIndex(segment.id);
      const read = async (from: number, to: number | null) =>
        new Uint8Array(await (await fetch(segment.url, { headers: { Range: `bytes=${from}-${to === null ? '' : to - 1}` } })).arrayBuffer());
      return [segment.id, new Frames(index.keyframes, read)];
    };
    void Promise.allSettled(lanes.flatMap((lane) => lane.segments).map(load)).then((all) => {
      if (!gone) setFrames(new Map(all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))));
    });
    return () => { gone = true; };
  }, [lanes]);
  return frames;
}

/** Follows the address: a link to a moment stands there, paused. */
function useMoment(player: Player, caseId: string): void {
  useEffect(() => {
    const go = () => {
      const moment = momentOf(location.hash);
      if (moment.caseId !== caseId || moment.atMs === null) return;
      player.pause();
      player.seek(moment.atMs);
    };
    go();
    window.addEventListener('hashchange', go);
    return () => window.removeEventListener('hashchange', go);
  }, [player, caseId]);
}

function copyLink(caseId: string, atMs: number): void {
  history.replaceState(null, '', hashOf(caseId, atMs));
  void navigator.clipboard?.writeText(linkTo(caseId, atMs)).catch(() => undefined);
  toast(tr('copied'), 'ok');
}

/** One frame of the lane that is enlarged; of one without a picture, a twenty-fifth of a second. */
async function step(player: Player, lane: Lane | undefined, frames: Map<string, Frames>, by: 1 | -1): Promise<void> {
  player.pause();
  const { atMs } = player.value;
  const segment = lane && segmentAt(lane, Math.min(atMs, player.lengthMs - 1));
  const beside = segment ? await frames.get(segment.id)?.beside(atMs - segment.fromMs, by) : null;
  player.seek(segment && typeof beside === 'number' ? segment.fromMs + beside + 0.5 : atMs + by * 40);
}

function nextMark(player: Player, marks: Mark[], by: 1 | -1): void {
  const { atMs } = player.value;
  const found = by > 0 ? marks.find((one) => one.atMs > atMs + 1) : marks.filter((one) => one.atMs < atMs - 1).at(-1);
  if (found) player.seek(found.atMs);
}

/** What a replay stands on; `timeline` and `stills` fill in what the tracks do not show. */
export function useRoom(recordings: Recording[], timeline: TimelineItem[]) {
  const { lanes, originMs, lengthMs } = useMemo(() => lanesOf(recordings), [recordings]);
  const voice = useMemo(() => voiceSpans(timeline, originMs, lengthMs), [timeline, originMs, lengthMs]);
  const absences = useMemo(() => new Map(lanes.map((lane) => [lane.key, absencesOf(lane, timeline, originMs, lengthMs)])), [lanes, timeline, originMs, lengthMs]);
  const player = useMemo(() => new Player(lanes, lengthMs), [lanes, lengthMs]);
  const verification = useVerification(recordings, player);
  useEffect(() => () => player.stop(), [player]);
  return { recordings, lanes, originMs, lengthMs, voice, absences, player, verification };
}

/** The pictures, what moves the time, and the time line; `onCopy` gives a link to the moment. */
export function Stage({ room, stills, marks, onCopy }: { room: ReturnType<typeof useRoom>; stills: Still[]; marks: Mark[]; onCopy?: (() => void) | undefined }) {
  const { recordings, lanes, originMs, lengthMs, voice, absences, player, verification } = room;
  const frames = useFrames(lanes);
  const [main, setMain] = useState(0);
  const [help, setHelp] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  useEffect(() => { player.first = lanes[main]?.key ?? null; }, [player, lanes, main]);
  const by = (at: number): 1 | -1 => (at === 0 ? -1 : 1);
  const full = () => void (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen())?.catch(() => undefined);
  useKeys({
    play: () => player.toggle(), small: (at) => player.seek(player.value.atMs + by(at) * 5000), large: (at) => player.seek(player.value.atMs + by(at) * 10000),
    frame: (at) => void step(player, lanes[main], frames, by(at)), mark: (at) => nextMark(player, marks, by(at)), ends: (at) => player.seek(at === 0 ? 0 : lengthMs),
    speed: (at) => player.faster(by(at)), normal: () => player.setSpeed(1), enlarge: (at) => { if (lanes[at]) setMain(at === main ? 0 : at); },
    full, mute: () => player.mute(), copy: () => onCopy?.(), help: () => setHelp(true),
  });
  return (
    <div class="replay__stage" ref={stage}>
      {lanes.length === 0 ? <Empty icon="play">{t('noTracks')}</Empty> : (
        <>
          <Alarm verification={verification} recordings={recordings} />
          <Pictures player={player} main={main} onMain={setMain} absences={absences} at={(lane) => (ms) => stillAt(lane, voice, stills, originMs, ms)} />
          <Controls player={player} originMs={originMs} onStep={(one) => void step(player, lanes[main], frames, one)} onCopy={onCopy} onFull={full} onHelp={() => setHelp(true)} />
          <Scrubber player={player} marks={marks} voice={voice} absences={absences} main={lanes[main]} frames={frames} />
        </>
      )}
      {help && <KeyMap onClose={() => setHelp(false)} />}
    </div>
  );
}

function Room({ opened, onBack }: { opened: Opened; onBack: () => void }) {
  const { file, recordings, timeline, live, messages } = opened;
  const room = useRoom(recordings, timeline);
  const { lanes, originMs, lengthMs, player, verification } = room;
  // One that somebody kept is among the pictures of the case.
  const stills = useMemo(() => [...live, ...file.stills], [live, file]);
  const marks = marksOf(file, timeline, messages, originMs).map((mark) => ({ ...mark, atMs: Math.min(lengthMs, Math.max(0, mark.atMs)) }));
  useMoment(player, file.id);
  return (
    <div class="replay">
      <div class="replay__bar">
        <Button icon="back" onClick={onBack} testid="audit-back">{t('back')}</Button>
        <b class="num">{file.number}</b><Pill tone={file.state === 'closed' ? 'ok' : 'brand'}>{codeText('state', file.state)}</Pill>
        <span>{file.place.text}</span><span class="num">{dayAndTime(file.created_at)}</span>
        {file.officer && <span>{t('officer')} {file.officer.name} <span class="num">{file.officer.badge_number}</span></span>}
        {lanes.length > 0 && <OneVideo file={file} />}
        <ExportCase file={file} />
      </div>
      <Stage room={room} stills={stills} marks={marks} onCopy={() => copyLink(file.id, player.value.atMs)} />
      <Side opened={opened} marks={marks} lanes={lanes} originMs={originMs} onSeek={(ms) => player.seek(ms)} seal={<Seal verification={verification} recordings={recordings} />}
        nowUs={() => (lanes.length ? (originMs + player.value.atMs) * 1000 : null)} />
    </div>
  );
}
