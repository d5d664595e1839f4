// A supervisor hears and sees a call that runs. Everybody in it is told, and it is on record; nothing is sent from here.
import { personId, personName } from '@shared/people';
import { seat } from '@shared/staff';
import { useStore } from '@shared/store';
import type { SeatView } from '@shared/types';
import { Button, Icon, LiveVideo, Pill, SoundButton } from '@shared/ui';
import { t } from './messages';
import type { Room } from './room';

/** In the row of a seat whose call can be listened to. */
export function ListenButton({ room, one }: { room: Room; one: SeatView }) {
  const { listening, call } = useStore(room);
  if (!one.case || !one.in_call || one.user.id === seat.value?.user.id) return null;
  const on = listening?.caseId === one.case.id;
  const { id, number } = one.case;
  return (
    <Button size="s" icon="sound" pressed={on} disabled={call !== null} testid="listen" label={`${t(on ? 'listenStop' : 'listen')} · ${number}`}
      onClick={() => void (on ? room.stopListening() : room.listen(id, number))}>{t(on ? 'listenStop' : 'listen')}</Button>
  );
}

export function ListeningPanel({ room }: { room: Room }) {
  const { listening } = useStore(room);
  return listening && <Panel key={listening.caseId} room={room} listening={listening} />;
}

function Panel({ room, listening }: { room: Room; listening: NonNullable<Room['value']['listening']> }) {
  const { others, phase } = useStore(listening.call);
  return (
    <section class="board__part hearing" aria-label={t('listenTo', { number: listening.number })} data-testid="listening" data-phase={phase}>
      <h2>{t('listenTo', { number: listening.number })} <Pill tone={phase === 'connected' ? 'ok' : 'warn'} live={phase === 'connected'}>{t(phase === 'connected' ? 'listenOn' : 'connecting')}</Pill></h2>
      <p>{t('listenTold')}</p>
      <div class="hearing__pictures">
        {others.map((one) => (
          <figure key={personId(one.who)} class="hearing__one">
            {!one.video && <Icon name="person" size="l" />}
            <LiveVideo stream={one.stream} label={personName(one.who)} class={one.video ? '' : 'pictures__none'} testid={`hear-${one.who.guest_kind ?? one.who.label ?? one.who.kind}`} />
            <figcaption>{personName(one.who)}</figcaption>
          </figure>
        ))}
      </div>
      <SoundButton class="hearing__sound" />
      <Button icon="hangup" testid="listen-stop" onClick={() => void room.stopListening()}>{t('listenStop')}</Button>
    </section>
  );
}
