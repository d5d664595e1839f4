// What one says of the own seat: free, busy or away. The service knows by itself who has a case in hand.
import { useStore } from '@shared/store';
import { seat } from '@shared/staff';
import type { SeatStatus, SeatView } from '@shared/types';
import type { Tone } from '@shared/ui';
import { useKey } from './keys';
import { t } from './messages';
import type { Room } from './room';

export const STATUS_WORD = { free: 'seatFree', busy: 'seatBusy', away: 'seatAway' } as const;
export const POSTS = { intake_operator: 'postIntake', officer: 'postOfficer', supervisor: 'postSupervisor' } as const;
export const TONES: Record<SeatStatus, Tone | undefined> = { free: 'ok', busy: 'brand', away: undefined };

/** Those at work first, then the free, then the rest. */
export function inOrder(seats: SeatView[]): SeatView[] {
  const rank = { busy: 0, free: 1, away: 2 };
  return [...seats].sort((a, b) => rank[a.status] - rank[b.status]);
}

const CHOICES: SeatStatus[] = ['free', 'busy', 'away'];

export function SeatStatusChoice({ room }: { room: Room }) {
  const { seats } = useStore(room);
  const own = seats.find((one) => one.user.id === seat.value?.user.id);
  useKey('away', () => void room.say(own?.said === 'away' ? 'free' : 'away'));
  return (
    <span class="says" role="group" aria-label={t('seatStatus')}>
      {CHOICES.map((status) => (
        <button key={status} type="button" class={`says__one says__one--${status}`} aria-pressed={own?.said === status} data-testid={`say-${status}`} onClick={() => void room.say(status)}>
          <i class="dot" aria-hidden="true" />{t(STATUS_WORD[status])}
        </button>
      ))}
    </span>
  );
}
