// The pictures of all participants: one enlarged, the others beside it. Which is which is a matter of style alone, since a
// video that is moved in the document stops.
import { useStore } from '@shared/store';
import { position, timeWithSeconds } from '@shared/time';
import { Button } from '@shared/ui';
import { absenceAt, reasonText, type Absence } from './absences';
import { t } from './messages';
import { segmentAt, type Lane, type Player } from './player';
import { tr } from './replay_messages';
import { laneName } from './scrubber';
import type { stillAt } from './voice';

type At = (ms: number) => ReturnType<typeof stillAt>;

export function Pictures({ player, main, onMain, absences, at }: {
  player: Player; main: number; onMain: (index: number) => void; absences: Map<string, Absence[]>; at: (lane: Lane) => At;
}) {
  return (
    <div class={`replay__pictures replay__pictures--${Math.min(player.lanes.length, 5)}`}>
      {player.lanes.map((lane, index) => (
        <Picture key={lane.key} lane={lane} player={player} absences={absences.get(lane.key) ?? []} at={at(lane)} main={index === main} alone={player.lanes.length === 1}
          onEnlarge={() => onMain(index === main ? 0 : index)} />
      ))}
    </div>
  );
}

function Picture({ lane, player, absences, at, main, alone, onEnlarge }: {
  lane: Lane; player: Player; absences: Absence[]; at: At; main: boolean; alone: boolean; onEnlarge: () => void;
}) {
  const { atMs } = useStore(player);
  const segment = segmentAt(lane, atMs);
  const absence = absenceAt(absences, atMs);
  const { voice, still } = at(atMs);
  const name = laneName(lane);
  return (
    <figure class={`picture${main ? ' picture--main' : ''}`} data-testid={`picture-${lane.label ?? lane.guest ?? 'officer'}`}>
      <video playsInline preload="auto" aria-label={name} data-testid={`replay-video-${lane.label ?? lane.guest ?? 'officer'}`}
        ref={(video) => { if (video && video.dataset.lane !== lane.key) { video.dataset.lane = lane.key; player.attach(lane.key, video); } }} />
      {segment && still && <img class="picture__still" src={still.url} alt={t('voiceStill', { at: timeWithSeconds(still.taken_at) })} data-testid="replay-still" />}
      <figcaption>{name} {lane.name}{segment && lane.segments.length > 1 && ` · ${t('segment', { n: segment.recording.segment })}`}{segment?.recording.status === 'recovered' && ` · ${tr('recoveredHint')}`}</figcaption>
      {segment && voice && <p class="picture__voice">{still ? t('voiceStill', { at: timeWithSeconds(still.taken_at) }) : t('voiceSpan')}</p>}
      {absence && atMs < player.lengthMs && (
        <p class={absence.inside ? 'picture__lost' : 'picture__none'} data-testid="absence">
          <span class="num">{tr('absent', { from: position(absence.fromMs), to: position(absence.toMs) })}</span><span>{reasonText(absence)}</span>
        </p>
      )}
      {!alone && <Button kind="stage" icon="expand" class="picture__enlarge" pressed={main} testid={`enlarge-${lane.label ?? lane.guest ?? 'officer'}`}
        label={tr('enlarge', { who: name })} onClick={onEnlarge} />}
    </figure>
  );
}
