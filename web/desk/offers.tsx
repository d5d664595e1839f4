// A case from one seat to another: ask a colleague, be asked, take it or not. The call goes on all the while.
import { useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import { api, seat } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { clock } from '@shared/time';
import type { Case, Offer, SeatView } from '@shared/types';
import { Banner, Button, Dialog, Pill } from '@shared/ui';
import { useKey } from './keys';
import { t } from './messages';
import { mayDetermine } from './post';
import type { Room } from './room';
import { POSTS, STATUS_WORD, TONES, inOrder } from './seat_status';

const me = () => seat.value?.user.id;
/** Of those that are for this seat, the first to run out. */
export const askedOf = (offers: Offer[], now: number) =>
  offers.filter((one) => one.to.id === me() && Date.parse(one.expires_at) > now).sort((a, b) => a.expires_at.localeCompare(b.expires_at));
const words = (offer: Offer) => (offer.from ? t(offer.kind === 'assign' ? 'offerAssigned' : 'offerFrom', { who: offer.from.name }) : t('offerDrawn'));
const left = (offer: Offer, now: number) => clock(Math.max(0, Date.parse(offer.expires_at) - now));

/** In the queue's place at the top: cases that this seat is asked to take. */
export function Asked({ room }: { room: Room }) {
  const { offers } = useStore(room);
  const now = useNow();
  const asked = askedOf(offers, now);
  const first = asked[0];
  useKey('decline', first ? () => void room.decline(first) : null);
  return (
    <>
      {asked.map((offer, at) => (
        <section key={offer.id} class="asked" data-testid="offer" data-kind={offer.kind} data-case={offer.case_id}>
          <span class="asked__what" role="alert"><b>{words(offer)}</b> <span class="num">{offer.case_number}</span></span>
          <Pill tone="warn"><span class="num" aria-label={t('offerLeft')}>{left(offer, now)}</span></Pill>
          {offer.kind === 'draw' && <small>{t('offerDrawnHint')}</small>}
          <span class="asked__act">
            <Button kind="primary" icon="phone" {...(at === 0 ? { kbd: 'A' } : {})} testid="offer-accept" onClick={() => void room.accept(offer)}>{t(offer.kind === 'hand_over' ? 'offerAccept' : 'claim')}</Button>
            <Button testid="offer-decline" {...(at === 0 ? { kbd: 'D' } : {})} onClick={() => void room.decline(offer)}>{t('offerDecline')}</Button>
          </span>
        </section>
      ))}
    </>
  );
}

/** Who may be asked: the free first; whoever has a case in hand can be asked too, but not who is in a call. */
function Colleague({ one, word, first, onAsk }: { one: SeatView; word: string; first: boolean; onAsk: () => void }) {
  return (
    <li class="colleague" data-testid="colleague" data-user={one.user.id}>
      <span><b>{one.user.name}</b> <span class="num">{one.user.badge_number}</span><br /><small>{t(POSTS[one.role])}</small></span>
      <Pill {...(TONES[one.status] ? { tone: TONES[one.status]! } : {})}>{t(one.in_call ? 'seatInCall' : STATUS_WORD[one.status])}</Pill>
      <Button kind={one.status === 'free' ? 'primary' : undefined} autofocus={first} disabled={one.in_call} testid="ask-colleague" label={`${word} · ${one.user.name}`} onClick={onAsk}>{word}</Button>
    </li>
  );
}

type Asking = { title: 'handOver' | 'assign'; hint: 'handOverHint' | 'assignHint' };

function AskDialog({ room, caseId, title, hint, onClose }: Asking & { room: Room; caseId: string; onClose: () => void }) {
  const { seats } = useStore(room);
  const rank = { free: 0, busy: 1, away: 2 };
  const post = (one: SeatView) => (one.role === 'officer' ? 0 : 1);
  // Who only collects looks for somebody who determines.
  const others = inOrder(seats).filter((one) => one.user.id !== me()).sort((a, b) => (mayDetermine() ? 0 : post(a) - post(b)) || rank[a.status] - rank[b.status]);
  const first = others.find((one) => !one.in_call);
  const ask = async (one: SeatView) => {
    onClose();
    await room.attempt(() => api.offerCase(caseId, one.user.id), t('offerAsked', { who: one.user.name }));
    await room.loadOffers();
  };
  return (
    <Dialog title={t(title)} testid="hand-over-dialog" onClose={onClose} foot={<Button onClick={onClose}>{ts('cancel')}</Button>}>
      <p>{t(hint)}</p>
      <ul class="colleagues">{others.map((one) => <Colleague key={one.user.id} one={one} word={t(title)} first={one === first} onAsk={() => void ask(one)} />)}</ul>
    </Dialog>
  );
}

export function HandOver({ room, file }: { room: Room; file: Case }) {
  const [open, setOpen] = useState(false);
  useKey('handOver', () => setOpen(true));
  return (
    <>
      <Button kind="stage" icon="person" kbd="H" testid="hand-over" onClick={() => setOpen(true)}><span class="actions__word">{t('handOver')}</span></Button>
      {open && <AskDialog room={room} caseId={file.id} title="handOver" hint="handOverHint" onClose={() => setOpen(false)} />}
    </>
  );
}

/** A supervisor gives a case that waits to somebody, whatever the lot would say; or it is said who was asked. */
export function Assign({ room, caseId }: { room: Room; caseId: string }) {
  const { offers } = useStore(room);
  const now = useNow();
  const [open, setOpen] = useState(false);
  const asked = offers.find((one) => one.case_id === caseId && one.from?.id === me() && Date.parse(one.expires_at) > now);
  if (asked) {
    return <>{t('offerPending', { who: asked.to.name })} <span class="num">{left(asked, now)}</span> <Button size="s" testid="offer-withdraw" onClick={() => void room.withdraw(asked)}>{t('offerWithdraw')}</Button></>;
  }
  return (
    <>
      <Button size="s" icon="person" testid="assign" onClick={() => setOpen(true)}>{t('assign')}</Button>
      {open && <AskDialog room={room} caseId={caseId} title="assign" hint="assignHint" onClose={() => setOpen(false)} />}
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
