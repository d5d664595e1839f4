// Instead of a frozen picture: why there is none, the newest still of a driver whose network carries only sound, and how
// old it is.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useNow } from '@shared/store';
import { sinceMs, timeWithSeconds } from '@shared/time';
import type { CallParticipant, Case } from '@shared/types';
import { Icon } from '@shared/ui';
import { t } from './messages';
import type { Room } from './room';

const seconds = (ms: number) => Math.max(0, Math.round(ms / 1000));

/** The rhythm in which stills come, from the last few; null until two have. */
function useRhythm(taken: string | undefined): number | null {
  const times = useRef<number[]>([]);
  const at = taken ? Date.parse(taken) : NaN;
  if (!Number.isNaN(at) && times.current.at(-1) !== at) times.current = [...times.current, at].slice(-4);
  const known = times.current;
  return known.length < 2 ? null : (known.at(-1)! - known[0]!) / (known.length - 1);
}

export function VoiceOnly({ room, file, leg, large }: { room: Room; file: Case; leg: CallParticipant; large: boolean }) {
  const now = useNow();
  const still = leg.live_still ?? null;
  // The one that has been loaded is shown, and its age told, until the next one is there too.
  const [shown, setShown] = useState<{ id: string; taken_at: string } | null>(null);
  const rhythm = useRhythm(still?.taken_at);
  useEffect(() => {
    if (!large) return undefined;
    room.stillShown = shown?.id ?? null;
    return () => { room.stillShown = null; };
  }, [large, shown?.id]);
  const url = (id: string) => `/api/v1/cases/${file.id}/stills/${id}`;
  return (
    <>
      {shown && <img class="voice__still" src={url(shown.id)} alt={t('stillAge', { at: timeWithSeconds(shown.taken_at), s: seconds(sinceMs(shown.taken_at, now)) })} data-testid="live-still" data-still={shown.id} />}
      {still && still.id !== shown?.id && <img key={still.id} class="voice__next" src={url(still.id)} alt="" onLoad={() => setShown(still)} />}
      {large && (
        <div class="voice" data-testid="voice-only">
          <p class="voice__why" role="status"><Icon name="warning" size="s" />{rhythm === null ? t('voiceOnly') : t('voiceOnlyEvery', { s: Math.max(1, seconds(rhythm)) })}</p>
          <p class={`voice__age num${shown && sinceMs(shown.taken_at, now) > 30_000 ? ' voice__age--old' : ''}`} data-testid="still-age">
            {shown ? t('stillAge', { at: timeWithSeconds(shown.taken_at), s: seconds(sinceMs(shown.taken_at, now)) }) : t('stillNone')} · {t('returnsItself')}</p>
        </div>
      )}
    </>
  );
}

const STALLED_MS = 3000;
const LOSES = 0.05;

/** Says so when the picture of that figure has stopped, and what is known of why. */
export function Stalled({ video, leg }: { video: string; leg: CallParticipant }) {
  const now = useNow();
  const last = useRef({ frames: -1, at: now });
  const element = document.querySelector<HTMLVideoElement>(`[data-testid="${video}"] video`);
  const frames = element?.getVideoPlaybackQuality?.().totalVideoFrames ?? -1;
  // A window that is not looked at paints nothing: that is no standstill.
  if (frames !== last.current.frames || document.visibilityState !== 'visible') last.current = { frames, at: now };
  const forMs = now - last.current.at;
  if (frames <= 0 || forMs < STALLED_MS) return null;
  const network = leg.media === 'warning' || leg.loss_in > LOSES || (leg.age_last_packet_ms ?? 0) > 1000;
  return (
    <div class="voice" data-testid="picture-stalled">
      <p class="voice__why" role="status"><Icon name="warning" size="s" /><span class="num">{t('stalled', { s: seconds(forMs) })}</span> · {t(network ? 'stalledNetwork' : 'stalledCamera')}</p>
    </div>
  );
}
