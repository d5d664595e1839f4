// The time line: a lane for each participant with its gaps shown as gaps, marks below, one scrubber over all.
import { useEffect, useRef } from 'preact/hooks';
import { partyMark } from '@shared/party';
import { guestWord } from '@shared/people';
import { useStore } from '@shared/store';
import { position } from '@shared/time';
import type { Mark } from './marks';
import { t } from './messages';
import type { Lane, Player, Segment } from './player';
import type { VoiceSpan } from './voice';

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

function Track({ segment, lengthMs }: { segment: Segment; lengthMs: number }) {
  return (
    <>
      <Placed class="lane__track" from={segment.fromMs / lengthMs} to={segment.toMs / lengthMs} title={t(segment.recording.status)} />
      {segment.gaps.map((gap) => (
        <Placed key={gap.from_ms} class="lane__gap" from={(segment.fromMs + gap.from_ms) / lengthMs} to={(segment.fromMs + gap.to_ms) / lengthMs}
          title={t('gap', { s: ((gap.to_ms - gap.from_ms) / 1000).toFixed(1) })} />
      ))}
    </>
  );
}

function MarkButton({ mark, lengthMs, onSeek }: { mark: Mark; lengthMs: number; onSeek: (ms: number) => void }) {
  const box = useRef<HTMLButtonElement>(null);
  const share = Math.min(1, Math.max(0, mark.atMs / lengthMs));
  useEffect(() => { if (box.current) box.current.style.left = `${share * 100}%`; }, [share]);
  return (
    <button ref={box} type="button" class={`mark mark--${mark.kind}${share > 0.9 ? ' mark--late' : ''}`} data-testid={`mark-${mark.kind}`} title={`${position(mark.atMs)} ${mark.text}`}
      onClick={() => onSeek(mark.atMs)}><i aria-hidden="true" /><span>{mark.text}</span></button>
  );
}

export function Lanes({ player, marks, voice }: { player: Player; marks: Mark[]; voice: Map<string, VoiceSpan[]> }) {
  const { atMs } = useStore(player);
  const head = useRef<HTMLSpanElement>(null);
  useEffect(() => { if (head.current) head.current.style.left = `${(atMs / player.lengthMs) * 100}%`; }, [atMs]);
  return (
    <div class="lanes">
      <div class="lanes__names">{player.lanes.map((lane) => <span key={lane.key}>{laneName(lane)}</span>)}</div>
      <div class="lanes__area">
        {player.lanes.map((lane) => (
          <div key={lane.key} class="lane">{lane.segments.map((one) => <Track key={one.id} segment={one} lengthMs={player.lengthMs} />)}
            {voice.get(lane.key)?.map((span) => <Placed key={span.fromMs} class="lane__voice" from={span.fromMs / player.lengthMs} to={span.toMs / player.lengthMs} title={t('voiceSpan')} testid="lane-voice" />)}</div>
        ))}
        <div class="lanes__marks">{marks.map((mark) => <MarkButton key={mark.key} mark={mark} lengthMs={player.lengthMs} onSeek={(ms) => player.seek(ms)} />)}</div>
        <span ref={head} class="lanes__head" aria-hidden="true" />
        <input class="lanes__scrub" type="range" min={0} max={Math.round(player.lengthMs)} step={40} value={Math.round(atMs)} aria-label={t('scrub')}
          aria-valuetext={position(atMs)} data-testid="replay-scrub" onInput={(event) => player.seek(Number(event.currentTarget.value))} />
      </div>
    </div>
  );
}
