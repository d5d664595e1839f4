// The other party joins from the first one's screen: by a QR code or link on a phone of their own, or, with that noted, on
// this one.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { partyMark } from '@shared/party';
import { plateTypeOf, showPlate } from '@shared/plate';
import { ts } from '@shared/messages';
import type { Case, PartyKind } from '@shared/types';
import { Button, Dialog, PlateField, Segmented, Spinner, toast } from '@shared/ui';
import { kinds } from './kinds';
import { t } from './messages';
import { phoneOf, sharePhone } from './same_phone';
import type { PartySession } from './session';

interface Props { session: PartySession; of: Case }
interface Invited { id: string; label: string; url: string }

export function SecondParty({ session, of }: Props) {
  const [adding, setAdding] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  const me = session.me;
  if (!me?.is_reporter || of.triage.single_vehicle) return null;
  const others = of.parties.filter((party) => party.id !== me.id);
  const invite = async (id: string, label: string) => {
    try {
      const { url } = await session.api.invite(of.id, id);
      setInvited({ id, label, url: new URL(url, location.origin).href });
    } catch (error) {
      toast(error instanceof ApiError && error.status === 403 ? t('partyTooOld', { label: partyMark(label) }) : errorText(error), 'bad');
    }
  };
  return (
    <section class="plain others" data-testid="others">
      <h2>{t('partiesTitle')}</h2>
      <p>{t('partiesLead')}</p>
      {others.map((party) => (
        <div key={party.id} class="others__one" data-testid={`other-${party.label}`}>
          <b>{ts('roleParty', { label: partyMark(party.label) })}</b><span>{party.kind && t(`kind_${party.kind}`)} {showPlate(party.plate_number)}</span>
          <Button size="m" testid={`other-qr-${party.label}`} onClick={() => void invite(party.id, party.label)}>{t('partyShow')}</Button>
        </div>))}
      <Button size="l" block icon="person" testid="add-other" onClick={() => setAdding(true)}>{t('partyAdd')}</Button>
      {adding && <AddOther session={session} of={of} onClose={() => setAdding(false)} onAdded={(id, label) => { setAdding(false); void session.refresh(); void invite(id, label); }} />}
      {invited && <Join session={session} of={of} invited={invited} onClose={() => setInvited(null)} />}
    </section>
  );
}

function AddOther({ session, of, onClose, onAdded }: Props & { onClose: () => void; onAdded: (id: string, label: string) => void }) {
  const [kind, setKind] = useState<PartyKind>('motor');
  const [plate, setPlate] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    try {
      const { party } = await session.api.addParty(of.id, { kind, ...(kind === 'motor' && plate ? { plate_number: plate, plate_type: plateTypeOf(plate) } : {}) });
      onAdded(party.id, party.label);
    } catch (failure) {
      setError(failure instanceof ApiError ? failure.field('/plate_number') : null);
      toast(errorText(failure), 'bad');
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={t('partyAdd')} onClose={onClose} testid="add-other-dialog" foot={<>
      <Button kind="primary" size="l" block busy={busy} testid="add-other-make" onClick={() => void make()}>{t('partyMake')}</Button>
      <Button size="l" block onClick={onClose}>{ts('cancel')}</Button></>}>
      <div class="form">
        <div class="field">
          <span class="field__label">{t('partyAsk')}</span>
          <Segmented label={t('partyAsk')} value={kind} onValue={(value) => setKind(value as PartyKind)} choices={kinds()} testid="other-kind" />
        </div>
        {kind === 'motor' && <PlateField label={t('partyPlate')} value={plate} onValue={(one) => { setPlate(one); setError(null); }} error={error} testid="other-plate" />}
      </div>
    </Dialog>
  );
}

/** Comes late: the code is drawn by a library that no first screen needs. */
function LateQr({ text }: { text: string }) {
  const [Qr, setQr] = useState<ComponentType<{ text: string; label: string }> | null>(null);
  useEffect(() => { void import('@shared/qr').then((late) => setQr(() => late.Qr), () => undefined); }, []);
  return Qr ? <Qr text={text} label={t('partyQr')} /> : <Spinner />;
}

function Join({ session, of, invited, onClose }: Props & { invited: Invited; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const label = partyMark(invited.label);
  const copy = () => void navigator.clipboard?.writeText(invited.url).then(() => toast(t('partyCopied'), 'ok'), () => undefined);
  const share = () => void navigator.share?.({ url: invited.url }).catch(() => undefined);
  const same = async () => {
    setBusy(true);
    try {
      const { token } = await session.api.invite(of.id, invited.id, true);
      sharePhone(of.id, { [session.me!.label]: session.token, [invited.label]: token });
      location.assign(`/p/${token}`);
    } catch (error) {
      toast(errorText(error), 'bad');
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={t('partyScan', { label })} onClose={onClose} testid="join-dialog" foot={<>
      {'share' in navigator ? <Button kind="primary" size="l" block icon="link" testid="join-share" onClick={share}>{t('partyShare')}</Button>
        : <Button kind="primary" size="l" block icon="link" testid="join-copy" onClick={copy}>{t('partyCopy')}</Button>}
      <Button size="l" block testid="join-close" onClick={onClose}>{ts('close')}</Button></>}>
      <p>{t('partyScanText', { label })}</p>
      <LateQr text={invited.url} />
      <p class="num party__link" data-testid="invite-link">{invited.url}</p>
      <Button size="l" block busy={busy} testid="same-phone" onClick={() => void same()}>{t('partySame')}</Button>
      <p class="note">{t('partySameText')}</p>
    </Dialog>
  );
}

/** Whose turn it is on a phone that several share. */
export function PhoneTurns({ session, of }: Props) {
  const phone = phoneOf(of.id);
  const me = session.me?.label;
  const labels = Object.keys(phone).filter((label) => of.parties.some((party) => party.label === label));
  if (!me || labels.length < 2) return null;
  return (
    <div class="turns" data-testid="turns" role="group" aria-label={t('phoneOf', { labels: labels.map((label) => partyMark(label)).join('、') })}>
      <b>{t('phoneNow', { label: partyMark(me) })}</b>
      {labels.filter((label) => label !== me).map((label) => (
        <Button key={label} size="m" testid={`turn-${label}`} onClick={() => location.assign(`/p/${phone[label]}`)}>{t('phoneGive', { label: partyMark(label) })}</Button>))}
    </div>
  );
}
