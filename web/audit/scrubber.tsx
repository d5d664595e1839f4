// The time line: thumbnails, a lane for each participant with what is missing shown as missing, marks, and one scrubber
// over all.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { partyMark } from '@shared/party';
import { guestWord } from '@shared/people';
import { useStore } from '@shared/store';
import { position } from '@shared/time';
import { Icon } from '@shared/ui';
import { reasonText, type Absence } from './absences';
import type { Frames } from './frames';
import type { Mark } from './marks';
import { t } from './messages';
import { segmentAt, type Lane, type Player, type Segment } from './player';
import { tr } from './replay_messages';
import { THUMB_HEIGHT, THUMB_WIDTH, Thumbs } from './thumbs';
import type { VoiceSpan } from './voice';

const STRIP = 10;

export const laneName = (lane: Lane) => (lane.label ? t('party', { label: partyMark(lane.label) }) : lane.guest ? guestWord(lane.guest) : t('officer'));

/** Places an element on the line; styles go through the CSSOM, which the content security policy allows. */
function Placed(props: { class: string; from: number; to: number; title?: string; testid?: string }) {
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!box.current) return;
    box.current.style.left = `${props.from * 100}%`;
    box.current.style.width = `${Math.max(0, props.to - props.from) * 100}%`;
  }, [props.from, props.to]);
  return <span ref={box} class={props.class} title={props.title} data-testid={props.testid} />;
}

const absentText = (one: Absence) => `${tr('absent', { from: position(one.fromMs), to: position(one.toMs) })}：${reasonText(one)}`;

function LaneRow({ lane, lengthMs, absences, voice }: { lane: Lane; lengthMs: number; absences: Absence[]; voice: VoiceSpan[] | undefined }) {
  return (
    <div class="lane" data-testid={`lane-${lane.label ?? lane.guest ?? 'officer'}`}>
      {lane.segments.map((one) => (
        <Placed key={one.id} class={`lane__track lane__track--${one.recording.status}`} from={one.fromMs / lengthMs} to={one.toMs / lengthMs} title={t(one.recording.status)} />
      ))}
      {absences.filter((one) => one.inside || one.reason !== 'notYetJoined').map((one) => (
        <Placed key={`${one.fromMs}-${one.inside}`} class={`lane__gap${one.inside ? '' : ' lane__gap--out'}`} from={one.fromMs / lengthMs} to={one.toMs / lengthMs} title={absentText(one)} testid="lane-gap" />
      ))}
      {voice?.map((span) => <Placed key={span.fromMs} class="lane__voice" from={span.fromMs / lengthMs} to={span.toMs / lengthMs} title={t('voiceSpan')} testid="lane-voice" />)}
    </div>
  );
}

function MarkButton({ mark, lengthMs, onSeek }: { mark: Mark; lengthMs: number; onSeek: (ms: number) => void }) {
  const box = useRef<HTMLButtonElement>(null);
  const share = Math.min(1, Math.max(0, mark.atMs / lengthMs));
  useEffect(() => { if (box.current) box.current.style.left = `${share * 100}%`; }, [share]);
  return (
    <button ref={box} type="button" class={`mark mark--${mark.kind}${share > 0.9 ? ' mark--late' : ''}`} data-testid={`mark-${mark.kind}`} title={`${position(mark.atMs)} ${mark.text}`}
      onClick={() => onSeek(mark.atMs)}>{mark.kind === 'message' ? <Icon name="chat" size="s" /> : <i aria-hidden="true" />}<span class={mark.kind === 'message' ? 'visually-hidden' : ''}>{mark.text}</span></button>
  );
}

const MARK_ROWS = 3, MARK_ROW_PX = 28, MARK_APART_PX = 4, MARK_SMALL_PX = 24;

/** Marks stand in the first row that has room for them; where none has, without their words, which the title says. */
function layMarks(box: HTMLElement, marks: Mark[], lengthMs: number): void {
  const ends = Array.from({ length: MARK_ROWS }, () => -Infinity);
  [...box.children].forEach((child, n) => {
    const button = child as HTMLElement, at = Math.min(1, Math.max(0, marks[n]!.atMs / lengthMs)) * box.clientWidth;
    const late = button.classList.contains('mark--late');
    button.classList.remove('mark--small');
    const left = at - (late ? button.offsetWidth : button.offsetWidth / 2);
    let row = ends.findIndex((end) => left >= end + MARK_APART_PX);
    const small = row < 0;
    if (small) row = ends.indexOf(Math.min(...ends));
    button.classList.toggle('mark--small', small);
    ends[row] = small ? Math.max(ends[row]!, at + (late ? 0 : MARK_SMALL_PX / 2)) : left + button.offsetWidth;
    button.style.top = `${row * MARK_ROW_PX}px`;
  });
}

function Marks({ marks, lengthMs, onSeek }: { marks: Mark[]; lengthMs: number; onSeek: (ms: number) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const lay = () => { if (box.current) layMarks(box.current, marks, lengthMs); };
    const watcher = new ResizeObserver(lay);
    if (box.current) watcher.observe(box.current);
    lay();
    return () => watcher.disconnect();
  }, [marks, lengthMs]);
  return <div ref={box} class="lanes__marks">{marks.map((mark) => <MarkButton key={mark.key} mark={mark} lengthMs={lengthMs} onSeek={onSeek} />)}</div>;
}

/** A picture of the lane that is enlarged, nearest to a moment. */
function Thumb({ of, atMs, urgent, class: name }: { of: (atMs: number, urgent: boolean) => Promise<ImageBitmap | null>; atMs: number; urgent: boolean; class: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    void of(atMs, urgent).then((picture) => {
      const box = canvas.current;
      if (gone || !box || !picture) return;
      box.width = picture.width;
      box.height = picture.height;
      box.getContext('2d')?.drawImage(picture, 0, 0);
      box.dataset.drawn = 'yes';
    });
    return () => { gone = true; };
  }, [of, atMs]);
  return <canvas ref={canvas} class={name} width={THUMB_WIDTH} height={THUMB_HEIGHT} />;
}

/** Thumbnails of one lane, a maker for each of its segments. */
function useThumbs(lane: Lane | undefined, frames: Map<string, Frames>): (atMs: number, urgent: boolean) => Promise<ImageBitmap | null> {
  const makers = useRef(new Map<string, Thumbs>());
  useEffect(() => () => { for (const one of makers.current.values()) one.stop(); makers.current.clear(); }, [lane]);
  const of = useRef<{ lane: Lane | undefined; run: (atMs: number, urgent: boolean) => Promise<ImageBitmap | null> }>();
  if (!of.current || of.current.lane !== lane) {
    const makerOf = (segment: Segment) => {
      const made = makers.current.get(segment.id) ?? new Thumbs(segment, () => frames.get(segment.id));
      makers.current.set(segment.id, made);
      return made;
    };
    of.current = { lane, run: (atMs, urgent) => {
      const segment = lane ? segmentAt(lane, atMs) : null;
      return segment?.recording.has_video ? makerOf(segment).at(atMs - segment.fromMs, urgent) : Promise.resolve(null);
    } };
  }
  return of.current.run;
}

function Preview({ atMs, share, of }: { atMs: number; share: number; of: (atMs: number, urgent: boolean) => Promise<ImageBitmap | null> }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { if (box.current) box.current.style.left = `${Math.min(94, Math.max(6, share * 100))}%`; }, [share]);
  return (
    <div ref={box} class="preview" aria-hidden="true" data-testid="scrub-preview">
      <Thumb class="preview__picture" of={of} atMs={Math.round(atMs / 250) * 250} urgent />
      <span class="num">{position(atMs)}</span>
    </div>
  );
}

export function Scrubber({ player, marks, voice, absences, main, frames }: {
  player: Player; marks: Mark[]; voice: Map<string, VoiceSpan[]>; absences: Map<string, Absence[]>; main: Lane | undefined; frames: Map<string, Frames>;
}) {
  const { atMs } = useStore(player);
  const head = useRef<HTMLSpanElement>(null);
  const [over, setOver] = useState<number | null>(null);
  const thumb = useThumbs(main, frames);
  useEffect(() => { if (head.current) head.current.style.left = `${(atMs / player.lengthMs) * 100}%`; }, [atMs]);
  const onMove = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setOver(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
  };
  return (
    <div class="lanes">
      <div class="lanes__names"><span class="lanes__strip-name">{tr('thumbnails')}</span>{player.lanes.map((lane) => <span key={lane.key}>{laneName(lane)}</span>)}</div>
      <div class="lanes__area">
        <div class="strip" aria-hidden="true">
          {Array.from({ length: STRIP }, (_, n) => <Thumb key={n} class="strip__picture" of={thumb} atMs={((n + 0.5) / STRIP) * player.lengthMs} urgent={false} />)}
        </div>
        {player.lanes.map((lane) => <LaneRow key={lane.key} lane={lane} lengthMs={player.lengthMs} absences={absences.get(lane.key) ?? []} voice={voice.get(lane.key)} />)}
        <Marks marks={marks} lengthMs={player.lengthMs} onSeek={(ms) => player.seek(ms)} />
        <span ref={head} class="lanes__head" aria-hidden="true" />
        {over !== null && <Preview atMs={over * player.lengthMs} share={over} of={thumb} />}
        <input class="lanes__scrub" type="range" min={0} max={Math.round(player.lengthMs)} step={1} value={Math.round(atMs)} aria-label={t('scrub')}
          aria-valuetext={position(atMs)} data-testid="replay-scrub" onInput={(event) => player.seek(Number(event.currentTarget.value))}
          onPointerMove={onMove} onPointerLeave={() => setOver(null)} />
      </div>
    </div>
  );
}
