// Who took part, with which vehicle and insurer; kindly checked by the service when saved.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { pick } from '@shared/i18n';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { useNow } from '@shared/store';
import { clock, sinceMs } from '@shared/time';
import type { Case, Codes, Party, PartyKind, PartyParticulars } from '@shared/types';
import { problemOf, problemText } from '@shared/particulars';
import { Button, Pill, PlateField, Select, TextField, toast } from '@shared/ui';
import { Particular } from '@shared/ui/particular';
import { Consent } from './consent';
import { Guests, LinkDialog } from './guests';
import { ConsentLedger } from './ledger';
import { t } from './messages';
import { DeclareRecusal } from './recusals';
import type { Room } from './room';

type Key = keyof PartyParticulars;
const KEYS: Key[] = ['kind', 'name', 'phone', 'id_number', 'plate_number', 'plate_type', 'vehicle_type', 'licence_number', 'insurer', 'insurance_certificate'];
const blank = (): Record<Key, string> => Object.fromEntries(KEYS.map((key) => [key, ''])) as Record<Key, string>;
const of = (party: Party): Record<Key, string> => Object.fromEntries(KEYS.map((key) => [key, party[key] ?? ''])) as Record<Key, string>;
const KINDS: PartyKind[] = ['motor', 'non_motor', 'pedestrian'];
/** What only a motor vehicle has. */
const MOTOR: Key[] = ['plate_number', 'plate_type', 'licence_number', 'insurer', 'insurance_certificate'];
const isMotor = (form: Record<Key, string>) => form.kind === '' || form.kind === 'motor';
const filled = (form: Record<Key, string>): PartyParticulars => Object.fromEntries(KEYS.filter((key) => isMotor(form) || !MOTOR.includes(key)).map((key) => [key, form[key].trim()]).filter(([, value]) => value));

export function PartiesTab({ room, file, codes }: { room: Room; file: Case; codes: Codes }) {
  const [adding, setAdding] = useState(false);
  return (
    <>
      {file.parties.map((party) => <PartyCard key={party.id} room={room} file={file} party={party} codes={codes} />)}
      <Guests room={room} file={file} />
      <DeclareRecusal room={room} file={file} />
      {adding
        ? <PartyForm codes={codes} start={blank()} testid="new-party" onSave={(body) => api.addParty(file.id, body).then(() => { setAdding(false); void room.reload(); })} />
        : !['closed', 'served'].includes(file.state) && <Button icon="person" testid="add-party" onClick={() => setAdding(true)}>{t('addParty')}</Button>}
    </>
  );
}

function PartyCard({ room, file, party, codes }: { room: Room; file: Case; party: Party; codes: Codes }) {
  const now = useNow();
  const [link, setLink] = useState<string | null>(null);
  const invite = () => void room.attempt(() => api.invite(file.id, party.id)).then((made) => made && setLink(new URL(made.url, location.origin).href));
  const presence = party.connected ? t('connected') : party.last_seen_at ? t('away', { t: clock(sinceMs(party.last_seen_at, now)) }) : t('neverSeen');
  return (
    <section class="party" data-testid={`party-${party.label}`}>
      <header>
        <b>{t('party', { label: partyMark(party.label) })}</b> <span class="num">{party.plate_number}</span>
        <Pill tone={party.connected ? 'ok' : 'warn'} testid={`presence-${party.label}`}>{presence}</Pill>
        {party.shares_phone_with && <Pill tone="warn" testid={`same-phone-${party.label}`}>{t('samePhone', { label: partyMark(file.parties.find((one) => one.id === party.shares_phone_with)?.label ?? '') })}</Pill>}
        {party.is_reporter ? <Pill>{t('reporter')}</Pill> : <Button size="s" icon="link" testid={`invite-${party.label}`} onClick={invite}>{t('invite')}</Button>}
      </header>
      <Consent room={room} file={file} party={party} />
      <ConsentLedger file={file} party={party} codes={codes} />
      <PartyForm key={party.id} codes={codes} start={of(party)} testid={`party-form-${party.label}`} onSave={(body) => api.patchParty(file.id, party.id, body, file.version).then(() => room.reload())} />
      {link && (
        <LinkDialog title={t('inviteTitle', { label: partyMark(party.label) })} text={t('inviteText', { label: partyMark(party.label) })} link={link} onClose={() => setLink(null)} />
      )}
    </section>
  );
}

/** Said while the type is chosen too: the same number may be right for another. */
function plateWord(form: Record<Key, string>): string | null {
  const problem = form.plate_number.length < 7 ? null : problemOf('plate_number', form.plate_number, form.plate_type || null);
  return problem && problemText(problem, form.plate_type || null);
}

function PartyForm({ codes, start, onSave, testid }: { codes: Codes; start: Record<Key, string>; onSave: (body: PartyParticulars) => Promise<unknown>; testid: string }) {
  const [form, setForm] = useState(start);
  const [touched, setTouched] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  // What another screen changes shows here, unless this one is being edited.
  const seen = JSON.stringify(start);
  useEffect(() => { if (!touched) setForm(start); }, [seen]);
  const set = (key: Key) => (value: string) => { setTouched(true); setForm({ ...form, [key]: value }); };
  const error = (key: Key) => errors[`/${key}`] ?? null;
  const save = async () => {
    setBusy(true);
    try {
      await onSave(filled(form));
      setErrors({});
      setTouched(false);
      toast(t('saved'), 'ok');
    } catch (failure) {
      const fields = failure instanceof ApiError ? failure.problem.errors ?? [] : [];
      setErrors(Object.fromEntries(fields.map((one) => [one.pointer, one.message])));
      if (fields.length === 0) toast(errorText(failure), 'bad');
    } finally {
      setBusy(false);
    }
  };
  const choices = (list: { code: string; zh: string; en: string }[]) => list.map((one) => ({ value: one.code, text: `${one.code} ${pick(one)}` }));
  return (
    <form class="grid" data-testid={testid} onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <Select label={t('kind')} value={form.kind} onValue={set('kind')} empty={t('choose')} choices={KINDS.map((value) => ({ value, text: t(`kind_${value}`) }))} error={error('kind')} testid="kind" />
      <TextField label={t('name')} value={form.name} onValue={set('name')} error={error('name')} testid="name" />
      <Particular field="phone" label={t('phone')} value={form.phone} onValue={set('phone')} error={error('phone')} inputMode="tel" testid="phone" />
      <Particular field="id_number" label={t('idNumber')} value={form.id_number} onValue={set('id_number')} error={error('id_number')} testid="id-number" />
      <Select label={t('vehicleType')} value={form.vehicle_type} onValue={set('vehicle_type')} empty={t('choose')} choices={choices(codes.vehicle_type.filter((one) => form.kind === '' || one.class === form.kind))} error={error('vehicle_type')} testid="vehicle-type" />
      {isMotor(form) && <>
        <PlateField label={t('plate')} value={form.plate_number} onValue={set('plate_number')} error={error('plate_number') ?? plateWord(form)} testid="plate" />
        <Select label={t('plateType')} value={form.plate_type} onValue={set('plate_type')} empty={t('choose')} choices={choices(codes.plate_type)} error={error('plate_type')} testid="plate-type" />
        <Particular field="licence_number" label={t('licence')} value={form.licence_number} onValue={set('licence_number')} error={error('licence_number')} testid="licence" />
        <Particular field="insurer" label={t('insurer')} value={form.insurer} onValue={set('insurer')} error={error('insurer')} list="insurers" testid="insurer" />
        <Particular field="insurance_certificate" label={t('certificate')} value={form.insurance_certificate} onValue={set('insurance_certificate')} error={error('insurance_certificate')} testid="certificate" />
      </>}
      <datalist id="insurers">{codes.insurers.map((one) => { const name = typeof one === 'string' ? one : one.zh; return <option key={name} value={name} />; })}</datalist>
      {touched && <Button kind="primary" type="submit" busy={busy} testid="save-party" class="grid__wide">{t('save')}</Button>}
    </form>
  );
}
