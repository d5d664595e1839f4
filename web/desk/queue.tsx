// Left: who waits and for how long, and what this officer has in hand.
import { useRef } from 'preact/hooks';
import { codeText } from '@shared/messages';
import { seat } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { clock, sinceMs } from '@shared/time';
import type { Config } from '@shared/types';
import { Button, Empty, Pill, type Tone } from '@shared/ui';
import { Approvals } from './approvals';
import { MyFindings } from './findings';
import { LateReports } from './late_reports';
import { plates } from './plates';
import { Reopened, Reviews } from './reviews';
import { Asked, askedOf } from './offers';
import { PausesToResolve } from './pauses';
import { RecusalsToDecide } from './recusals';
import { useKey } from './keys';
import { t } from './messages';
import type { Room } from './room';

/** Green, amber from two thirds of the target, red beyond it. */
export function urgency(ms: number, targetS: number): Tone {
  return ms > targetS * 1000 ? 'bad' : ms > targetS * 667 ? 'warn' : 'ok';
}
export const targets = (config: Config | null) => config?.targets ?? { answer_s: 60, clear_s: 240, close_s: 900 };

/** Where lots are drawn, nobody helps oneself but a supervisor. */
export const mayPick = (config: Config | null) => config?.assignment !== 'draw' || seat.value?.user.role === 'supervisor';

export function Queue({ room }: { room: Room }) {
  const { queue, mine, current, config, offers } = useStore(room);
  const now = useNow();
  const picks = mayPick(config);
  const column = useRef<HTMLElement>(null);
  const first = picks ? queue[0] : undefined;
  const asked = askedOf(offers, now)[0];
  useKey('claim', asked ? () => void room.accept(asked) : first ? () => void room.claim(first.case.id) : null);
  useKey('inHand', mine.length > 0 ? (at) => {
    const here = mine.findIndex((one) => one.id === current?.id);
    const next = mine[here < 0 ? 0 : (here + (at === 0 ? -1 : 1) + mine.length) % mine.length]!;
    void room.open(next.id);
  } : null);
  useKey('queue', () => column.current?.querySelector<HTMLElement>('button:not([disabled])')?.focus());
  return (
    <nav class="queue" aria-label={t('queue')} ref={column}>
      <PausesToResolve room={room} />
      <Asked room={room} />
      <RecusalsToDecide room={room} />
      <Approvals room={room} />
      <MyFindings room={room} />
      <Reviews room={room} />
      <LateReports room={room} />
      <Reopened room={room} />
      {mine.length > 0 && <h2>{t('mine')} · <span class="num">{mine.length}</span></h2>}
      {mine.map((one) => (
        <button key={one.id} type="button" class={`qcard ${one.id === current?.id ? 'qcard--on' : ''}`} data-testid="mine" data-case={one.id}
          aria-current={one.id === current?.id} onClick={() => void room.open(one.id)}>
          <b class="num">{plates(one)}</b><Pill tone={one.state === 'on_scene' ? 'warn' : 'brand'}>{codeText('state', one.state)}</Pill>
          <small>{one.place.text}</small><small class="num">{clock(sinceMs(one.claimed_at, now))}</small>
        </button>
      ))}
      <h2>{t('queue')} · <span class="num" data-testid="queue-count">{queue.length}</span></h2>
      {queue.length === 0 && <Empty icon="queue">{t('empty')}</Empty>}
      {queue.map((one) => {
        const waited = sinceMs(one.case.queued_at, now);
        return (
          <div key={one.case.id} class="qcard" data-testid="queue-item" data-case={one.case.id}>
            <b class="num">{plates(one.case)}</b><Pill tone={urgency(waited, targets(config).answer_s)}><span class="num">{clock(waited)}</span></Pill>
            <small>{one.case.place.text}</small>
            {picks && <Button size="s" kind="primary" icon="phone" testid="claim" onClick={() => void room.claim(one.case.id)}>{t('claim')}</Button>}
          </div>
        );
      })}
      {!picks && <p class="queue__lot" data-testid="by-lot">{t('byLot')}</p>}
      {first && <Button icon="phone" kbd="A" testid="claim-first" onClick={() => void room.claim(first.case.id)}>{t('claimFirst')}</Button>}
    </nav>
  );
}
