// A supervisor's view of the whole desk: who sits where with what, who waits, and how the day's times stand to the targets.
import { useEffect, useState } from 'preact/hooks';
import { codeText } from '@shared/messages';
import { api } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { clock, sinceMs } from '@shared/time';
import type { DeskDay, SeatView, Spread } from '@shared/types';
import { Empty, Pill, type Tone } from '@shared/ui';
import { DrawBoard } from './draws';
import { ListenButton, ListeningPanel } from './listening';
import { t } from './messages';
import { Assign } from './offers';
import { plates } from './plates';
import { targets, urgency } from './queue';
import type { Room } from './room';
import { POSTS, STATUS_WORD, TONES, inOrder } from './seat_status';

/** The figures of the day change slowly. */
const DAY_EVERY_MS = 10000;

/** How far a case in hand has come against the target that runs now. */
export function seatClock(seat: SeatView, aim: { close_s: number }, now: number): { ms: number; tone: Tone } | null {
  if (!seat.case?.claimed_at) return null;
  const ms = sinceMs(seat.case.claimed_at, now);
  return { ms, tone: urgency(ms, aim.close_s) };
}

export function SeatBoard({ room }: { room: Room }) {
  const { seats } = useStore(room);
  return (
    <main class="board" aria-label={t('seats')} data-testid="seat-board">
      <ListeningPanel room={room} />
      <DayFigures room={room} />
      <section class="board__part">
        <h2>{t('seats')} · <span class="num">{seats.length}</span> <small>{t('seatsNow', { free: seats.filter((one) => one.status === 'free').length, busy: seats.filter((one) => one.status === 'busy').length })}</small></h2>
        <SeatTable room={room} />
      </section>
      <section class="board__part">
        <h2>{t('queue')}</h2>
        <WaitTable room={room} />
      </section>
      <DrawBoard room={room} />
    </main>
  );
}

function DayFigures({ room }: { room: Room }) {
  const { queue, mine } = useStore(room);
  const [day, setDay] = useState<DeskDay | null>(null);
  const load = () => api.deskDay().then(setDay, () => undefined);
  useEffect(() => { void load(); }, [queue, mine]);
  useEffect(() => { const timer = setInterval(() => void load(), DAY_EVERY_MS); return () => clearInterval(timer); }, []);
  return (
    <section class="board__day" aria-label={t('today')}>
      <Figure name={t('answer')} spread={day?.answer} testid="day-answer" />
      <Figure name={t('clear')} spread={day?.clear} testid="day-clear" />
      <Figure name={t('close')} spread={day?.close} testid="day-close" />
    </section>
  );
}

function Figure({ name, spread, testid }: { name: string; spread: Spread | undefined; testid: string }) {
  const median = spread?.median_s ?? null, p90 = spread?.p90_s ?? null, aim = spread?.target_s ?? 0;
  const tone = median === null ? '' : `figure--${urgency(median * 1000, aim)}`;
  return (
    <div class={`figure ${tone}`} data-testid={testid}>
      <span>{t('todayOf', { what: name, n: spread?.count ?? 0 })}</span>
      <b class="num">{median === null ? '–' : clock(median * 1000)}</b>
      <small class="num">{p90 === null || !spread ? t('figureNone', { target: clock(aim * 1000) }) : t('figureRest', { p90: clock(p90 * 1000), target: clock(aim * 1000), share: Math.round((100 * spread.within_target) / spread.count) })}</small>
    </div>
  );
}

function SeatTable({ room }: { room: Room }) {
  const { seats, config } = useStore(room);
  const now = useNow();
  return (
    <table class="table">
      <thead><tr><th scope="col">{t('seatWho')}</th><th scope="col">{t('seatPost')}</th><th scope="col">{t('seatStatus')}</th><th scope="col">{t('seatCase')}</th><th scope="col">{t('seatSince')}</th><th scope="col">{t('listen')}</th></tr></thead>
      <tbody>
        {inOrder(seats).map((seat) => {
          const run = seatClock(seat, targets(config), now);
          return (
            <tr key={seat.user.id} data-testid="seat" data-status={seat.status} data-user={seat.user.id}>
              <th scope="row">{seat.user.name} <span class="num">{seat.user.badge_number}</span></th>
              <td>{t(POSTS[seat.role])}</td>
              <td><Pill {...(TONES[seat.status] ? { tone: TONES[seat.status]! } : {})} live={seat.in_call}>{t(seat.in_call ? 'seatInCall' : STATUS_WORD[seat.status])}</Pill></td>
              <td class="num">{seat.case ? `${seat.case.number} · ${codeText('state', seat.case.state)}` : '–'}</td>
              <td class="num">{run ? <Pill tone={run.tone}>{clock(run.ms)}</Pill> : seat.since ? clock(sinceMs(seat.since, now)) : '–'}</td>
              <td><ListenButton room={room} one={seat} /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function WaitTable({ room }: { room: Room }) {
  const { queue, config } = useStore(room);
  const now = useNow();
  if (queue.length === 0) return <Empty icon="queue">{t('empty')}</Empty>;
  return (
    <table class="table">
      <thead><tr><th scope="col">{t('waitPlace')}</th><th scope="col">{t('plate')}</th><th scope="col">{t('place')}</th><th scope="col">{t('waited')}</th><th scope="col">{t('assign')}</th></tr></thead>
      <tbody>
        {queue.map((one) => {
          const ms = sinceMs(one.case.queued_at, now);
          return (
            <tr key={one.case.id} data-testid="waiting" data-case={one.case.id}>
              <td class="num">{one.position}</td><th scope="row" class="num">{plates(one.case)}</th><td>{one.case.place.text}</td>
              <td><Pill tone={urgency(ms, targets(config).answer_s)}><span class="num">{clock(ms)}</span></Pill></td>
              <td><Assign room={room} caseId={one.case.id} /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
