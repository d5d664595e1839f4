// Guests of the call: invite with a link and its QR code, see who is in, send away.
import { useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { Qr } from '@shared/qr';
import { guestWord } from '@shared/people';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import type { Case, Guest, GuestKind } from '@shared/types';
import { Button, Dialog, Pill, Select, TextField, toast } from '@shared/ui';
import { useKey } from './keys';
import { t } from './messages';
import type { Room } from './room';

const KINDS: GuestKind[] = ['emergency', 'interpreter', 'insurer', 'supervisor'];
/** A link to hand over: to scan, to read, to copy. */
export function LinkDialog({ title, text, link, onClose }: { title: string; text: string; link: string; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose} foot={<>
      <Button onClick={onClose}>{ts('close')}</Button>
      <Button kind="primary" onClick={() => void navigator.clipboard.writeText(link).then(() => toast(t('copied'), 'ok'), () => undefined)}>{t('copy')}</Button></>}>
      <p>{text}</p>
      <Qr text={link} label={t('qr')} />
      <p class="num party__link" data-testid="invite-link">{link}</p>
    </Dialog>
  );
}

const nameOf = (guest: { kind: GuestKind; name: string | null }) => `${guestWord(guest.kind)} ${guest.name ?? ''}`;

export function Guests({ room, file }: { room: Room; file: Case }) {
  const { guests, participants } = useStore(room);
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<Guest | null>(null);
  const [link, setLink] = useState<{ who: string; url: string } | null>(null);
  const open = !['closed', 'on_scene', 'expired'].includes(file.state);
  useKey('guest', open ? () => setInviting(true) : null);
  const revoke = async (guest: Guest) => {
    setLeaving(null);
    if (await room.attempt(async () => { await api.revokeGuest(file.id, guest.id); return true; })) await room.loadGuests();
  };
  return (
    <section class="guests">
      {guests.some((one) => !one.revoked_at) && <h3>{t('guests')}</h3>}
      {guests.filter((one) => !one.revoked_at).map((guest) => {
        const there = participants.some((one) => one.guest_id === guest.id && one.media !== 'gone');
        return (
          <div key={guest.id} class="guests__one" data-testid={`guest-${guest.kind}`}>
            <b>{nameOf(guest)}</b><Pill tone={there ? 'ok' : 'warn'}>{t(there ? 'guestIn' : 'guestOut')}</Pill>
            <Button size="s" icon="cross" testid="guest-revoke" onClick={() => setLeaving(guest)}>{t('guestRevoke')}</Button>
          </div>
        );
      })}
      {open && <Button icon="link" kbd="Alt G" testid="invite-guest" onClick={() => setInviting(true)}>{t('inviteGuest')}</Button>}
      {inviting && <Invite room={room} file={file} onClose={() => setInviting(false)} onMade={(who, url) => { setInviting(false); setLink({ who, url }); }} />}
      {link && <LinkDialog title={t('guestLink', { who: link.who })} text={t('guestLinkText')} link={link.url} onClose={() => setLink(null)} />}
      {leaving && (
        <Dialog title={t('guestRevoke')} onClose={() => setLeaving(null)} foot={<>
          <Button onClick={() => setLeaving(null)}>{ts('cancel')}</Button><Button kind="alarm" testid="confirm" onClick={() => void revoke(leaving)}>{ts('confirm')}</Button></>}>
          {t('guestRevokeAsk', { who: nameOf(leaving) })}
        </Dialog>
      )}
    </section>
  );
}

function Invite({ room, file, onClose, onMade }: { room: Room; file: Case; onClose: () => void; onMade: (who: string, url: string) => void }) {
  const [kind, setKind] = useState<GuestKind>('interpreter');
  const [name, setName] = useState('');
  const [party, setParty] = useState(file.parties[0]!.id);
  const [tried, setTried] = useState(false);
  const missing = tried && name.trim() === '' ? ts('required') : null;
  const make = async () => {
    setTried(true);
    if (name.trim() === '') return;
    const made = await room.attempt(() => api.inviteGuest(file.id, kind, name.trim(), kind === 'insurer' ? party : null));
    if (!made) return;
    await room.loadGuests();
    onMade(nameOf({ kind, name: name.trim() }), new URL(made.url, location.origin).href);
  };
  return (
    <Dialog title={t('inviteGuest')} onClose={onClose} testid="invite-dialog" foot={<>
      <Button onClick={onClose}>{ts('cancel')}</Button><Button kind="primary" testid="invite-make" onClick={() => void make()}>{t('invite')}</Button></>}>
      <div class="words">
        <Select label={t('guestKind')} value={kind} onValue={(value) => setKind(value as GuestKind)} choices={KINDS.map((value) => ({ value, text: guestWord(value) }))} testid="guest-kind" />
        <TextField label={t('guestName')} value={name} onValue={setName} maxLength={60} error={missing} testid="guest-name" />
        {kind === 'insurer' && <Select label={t('guestOfParty')} value={party} onValue={setParty} choices={file.parties.map((one) => ({ value: one.id, text: `${t('party', { label: partyMark(one.label) })} ${one.name ?? ''}` }))} testid="guest-party" />}
      </div>
    </Dialog>
  );
}
