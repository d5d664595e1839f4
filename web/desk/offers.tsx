// A case from one seat to another: ask a colleague, be asked, take it or not. The call goes on all the while.
import { useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import { api, seat } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { clock } from '@shared/time';
import type { Case, Offer, SeatView } from '@shared/types';
import { Banner, Button, Dialog, Pill } from '@shared/ui';
import { t } from './messages';
import type { Room } from './room';
import { POSTS, STATUS_WORD, TONES, inOrder } from './seat_status';

const me = () => seat.value?.user.id;
const left = (offer: Offer, now: number) => clock(Math.max(0, Date.parse(offer.expires_at) - now));

/** In the queue's place at the top: cases that this seat is asked to take. */
export function Asked({ room }: { room: Room }) {
  const { offers } = useStore(room);
  const now = useNow();
  const asked = offers.filter((one) => one.to.id === me() && Date.parse(one.expires_at) > now);
  return (
    <>
      {asked.map((offer) => (
        <section key={offer.id} class="asked" role="alert" data-testid="offer" data-case={offer.case_id}>
          <b>{offer.from ? t('offerFrom', { who: offer.from.name }) : t('offerDrawn')}</b>
          <span class="num">{offer.case_number}</span>
          <Pill tone="warn"><span class="num">{left(offer, now)}</span></Pill>
          <span class="asked__act">
            <Button kind="primary" icon="phone" testid="offer-accept" onClick={() => void room.accept(offer)}>{t('offerAccept')}</Button>
            <Button testid="offer-decline" onClick={() => void room.decline(offer)}>{t('offerDecline')}</Button>
          </span>
        </section>
      ))}
    </>
  );
}

/** Who may be asked: the free first; whoever has a case in hand can be asked too, but not who is in a call. */
function Colleague({ one, onAsk }: { one: SeatView; onAsk: () => void }) {
  return (
    <li class="colleague" data-testid="colleague" data-user={one.user.id}>
      <span><b>{one.user.name}</b> <span class="num">{one.user.badge_number}</span><br /><small>{t(POSTS[one.role])}</small></span>
      <Pill {...(TONES[one.status] ? { tone: TONES[one.status]! } : {})}>{t(one.in_call ? 'seatInCall' : STATUS_WORD[one.status])}</Pill>
      <Button kind={one.status === 'free' ? 'primary' : undefined} disabled={one.in_call} testid="ask-colleague" label={`${t('handOverTo')} · ${one.user.name}`} onClick={onAsk}>{t('handOverTo')}</Button>
    </li>
  );
}

export function HandOver({ room, file }: { room: Room; file: Case }) {
  const { seats } = useStore(room);
  const [open, setOpen] = useState(false);
  const rank = { free: 0, busy: 1, away: 2 };
  const others = inOrder(seats).filter((one) => one.user.id !== me()).sort((a, b) => rank[a.status] - rank[b.status]);
  const ask = async (one: SeatView) => {
    setOpen(false);
    await room.attempt(() => api.offerCase(file.id, one.user.id), t('offerAsked', { who: one.user.name }));
    await room.loadOffers();
  };
  return (
    <>
      <Button kind="stage" icon="person" testid="hand-over" onClick={() => setOpen(true)}><span class="actions__word">{t('handOver')}</span></Button>
      {open && (
        <Dialog title={t('handOver')} testid="hand-over-dialog" onClose={() => setOpen(false)} foot={<Button onClick={() => setOpen(false)}>{ts('cancel')}</Button>}>
          <p>{t('handOverHint')}</p>
          <ul class="colleagues">{others.map((one) => <Colleague key={one.user.id} one={one} onAsk={() => void ask(one)} />)}</ul>
        </Dialog>
      )}
    </>
  );
}

/** Over the picture: whom this case was offered to, or who has it by now. */
export function HandOverNote({ room, file }: { room: Room; file: Case }) {
  const { offers } = useStore(room);
  const now = useNow();
  const asked = offers.find((one) => one.case_id === file.id && one.from?.id === me() && Date.parse(one.expires_at) > now);
  if (asked) {
    return (
      <div class="stage__note"><Banner tone="warn" icon="person" testid="offer-pending"
        action={<Button size="s" testid="offer-withdraw" onClick={() => void room.withdraw(asked)}>{t('offerWithdraw')}</Button>}>{t('offerPending', { who: asked.to.name })} <span class="num">{left(asked, now)}</span></Banner></div>
    );
  }
  if (file.officer && file.officer.id !== me()) return <div class="stage__note"><Banner tone="brand" icon="check" testid="handed-over">{t('handedOver', { who: file.officer.name })}</Banner></div>;
  return null;
}
