// Who took part, with which vehicle and insurer: saved as it is typed, kindly checked by the service.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ApiError, errorText, newKey } from '@shared/api';
import { pick, said } from '@shared/i18n';
import { partyMark } from '@shared/party';
import { api, seat } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { clock, sinceMs } from '@shared/time';
import type { Case, Codes, Party, PartyKind, PartyParticulars } from '@shared/types';
import { problemOf, problemText } from '@shared/particulars';
import { Button, Pill, PlateField, Select, TextField, toast } from '@shared/ui';
import { Particular } from '@shared/ui/particular';
import { Consent } from './consent';
import { Guests, LinkDialog } from './guests';
import { useKey } from './keys';
import { t } from './messages';
import { MOTOR_KEYS, PARTY_KEYS, formOf, isMotor, type PartyClash, type PartyDrafts, type PartyForm, type PartyKey } from './party_draft';
import { tp } from './party_messages';
import { DeclareRecusal } from './recusals';
import type { Room } from './room';
import { UnsentStore } from './unsent';

const KINDS: PartyKind[] = ['motor', 'non_motor', 'pedestrian'];
const LABELS = { kind: 'kind', name: 'name', phone: 'phone', id_number: 'idNumber', plate_number: 'plate', plate_type: 'plateType', vehicle_type: 'vehicleType', licence_number: 'licence', insurer: 'insurer', insurance_certificate: 'certificate' } as const satisfies Record<PartyKey, string>;
const filled = (form: PartyForm): PartyParticulars => Object.fromEntries(PARTY_KEYS.filter((key) => isMotor(form) || !MOTOR_KEYS.includes(key)).map((key) => [key, form[key].trim()]).filter(([, value]) => value));

export function PartiesTab({ room, file, drafts, codes }: { room: Room; file: Case; drafts: PartyDrafts; codes: Codes }) {
  const kept = useMemo(() => new UnsentStore<PartyForm>(sessionStorage, seat.value!.user.id, Date.now, 'kuaichu-new-party-'), [file.id]);
  const open = !['closed', 'served'].includes(file.state);
  const [adding, setAdding] = useState(() => open && kept.read(file.id) !== null);
  const [linkOf, setLinkOf] = useState<string | null>(null);
  useKey('party', open ? () => setAdding(true) : null);
  const other = file.parties.find((one) => !one.is_reporter && !one.connected) ?? file.parties.find((one) => !one.is_reporter);
  useKey('link', other ? () => setLinkOf(other.id) : null);
  return (
    <>
      {file.parties.map((party) => <PartyCard key={party.id} room={room} file={file} party={party} drafts={drafts} codes={codes} inviting={linkOf === party.id} onInvited={() => setLinkOf(null)} />)}
      <Guests room={room} file={file} />
      <DeclareRecusal room={room} file={file} />
      {adding
        ? <NewParty file={file} codes={codes} kept={kept} onAdded={() => { setAdding(false); void room.reload(); }} />
        : open && <Button icon="person" kbd="Alt N" testid="add-party" onClick={() => setAdding(true)}>{t('addParty')}</Button>}
    </>
  );
}

function PartyCard({ room, file, party, drafts, codes, inviting, onInvited }: {
  room: Room; file: Case; party: Party; drafts: PartyDrafts; codes: Codes; inviting: boolean; onInvited: () => void;
}) {
  const now = useNow();
  const [link, setLink] = useState<string | null>(null);
  const invite = () => void room.attempt(() => api.invite(file.id, party.id)).then((made) => made && setLink(new URL(made.url, location.origin).href));
  useEffect(() => { if (inviting) { onInvited(); invite(); } }, [inviting]);
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
      <KnownParty file={file} party={party} drafts={drafts} codes={codes} />
      {link && (
        <LinkDialog title={t('inviteTitle', { label: partyMark(party.label) })} text={t('inviteText', { label: partyMark(party.label) })} link={link} onClose={() => setLink(null)} />
      )}
    </section>
  );
}

/** The form of a party of the case: every change saves itself; the button only says "now". */
function KnownParty({ file, party, drafts, codes }: { file: Case; party: Party; drafts: PartyDrafts; codes: Codes }) {
  const draft = drafts.of(file, party.id);
  const { form, saved, errors, failure, clashes } = useStore(draft);
  const [touched, setTouched] = useState(false);
  const save = async () => { if (await draft.save(true)) { setTouched(false); toast(t('saved'), 'ok'); } };
  return (
    <form class="grid" data-testid={`party-form-${party.label}`} onSubmit={(event) => { event.preventDefault(); void save(); }}>
      {clashes.map((one) => <FieldClash key={one.key} clash={one} mine={form[one.key]} onSettle={(value) => draft.settle(one.key, value)} />)}
      <Fields form={form} codes={codes} error={(key) => (errors[key] ? said(errors[key]!) : null)} onEdit={(key, value) => { setTouched(true); draft.edit(key, value); }} />
      {failure && <p class="grid__wide foot__failure" role="alert">{failure}</p>}
      {(touched || saved === 'saving') && (
        <p class="grid__wide party__saved">
          <span role="status" data-testid={`party-saved-${party.label}`} data-state={saved}>{saved === 'saving' ? t('draftSaving') : saved === 'refused' || !draft.isClean ? tp('waits') : t('saved')}</span>
          {touched && <Button size="s" type="submit" busy={saved === 'saving'} testid="save-party">{t('save')}</Button>}
        </p>)}
    </form>
  );
}

function FieldClash({ clash, mine, onSettle }: { clash: PartyClash; mine: string; onSettle: (value: string) => void }) {
  return (
    <div class="grid__wide clash clash--field" role="alert" data-testid={`party-clash-${clash.key}`}>
      <b>{t(LABELS[clash.key])}</b> {t('clashes')}
      <dl><dt>{t('clashMine')}</dt><dd>{mine || '—'}</dd><dt>{t('clashTheirs')}</dt><dd>{clash.theirs || '—'}</dd></dl>
      <div class="clash__ways">
        <Button size="s" testid="party-clash-mine" onClick={() => onSettle(mine)}>{t('clashKeepMine')}</Button>
        <Button size="s" testid="party-clash-theirs" onClick={() => onSettle(clash.theirs)}>{t('clashTakeTheirs')}</Button>
      </div>
    </div>
  );
}

/** One that is not in the case yet: what is typed is kept by this window until it is added. */
function NewParty({ file, codes, kept, onAdded }: { file: Case; codes: Codes; kept: UnsentStore<PartyForm>; onAdded: () => void }) {
  const [form, setForm] = useState<PartyForm>(() => kept.read(file.id)?.body ?? formOf({}));
  const [key, setKey] = useState(newKey);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const edit = (name: PartyKey, value: string) => {
    const next = { ...form, [name]: value };
    setForm(next);
    setKey(newKey());
    kept.write(file.id, formOf({}), next);
  };
  const add = async () => {
    setBusy(true);
    try {
      await api.addParty(file.id, filled(form), key);
      kept.drop(file.id);
      toast(t('saved'), 'ok');
      onAdded();
    } catch (failure) {
      const fields = failure instanceof ApiError ? failure.problem.errors ?? [] : [];
      setErrors(Object.fromEntries(fields.map((one) => [one.pointer, one.message])));
      if (fields.length === 0) toast(errorText(failure), 'bad');
      setBusy(false);
    }
  };
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => { box.current?.querySelector<HTMLElement>('input')?.focus(); }, []);
  const empty = PARTY_KEYS.every((name) => form[name].trim() === '');
  return (
    <form class="grid" data-testid="new-party" ref={box} onSubmit={(event) => { event.preventDefault(); void add(); }}>
      <Fields form={form} codes={codes} error={(name) => (errors[`/${name}`] ? said(errors[`/${name}`]!) : null)} onEdit={edit} />
      {!empty && <Button kind="primary" type="submit" busy={busy} testid="save-party" class="grid__wide">{t('save')}</Button>}
    </form>
  );
}

/** Said while the type is chosen too: the same number may be right for another. */
function plateWord(form: PartyForm): string | null {
  const problem = form.plate_number.length < 7 ? null : problemOf('plate_number', form.plate_number, form.plate_type || null);
  return problem && problemText(problem, form.plate_type || null);
}

function Fields({ form, codes, error, onEdit }: {
  form: PartyForm; codes: Codes; error: (key: PartyKey) => string | null; onEdit: (key: PartyKey, value: string) => void;
}) {
  const set = (key: PartyKey) => (value: string) => onEdit(key, value);
  const choices = (list: { code: string; zh: string; en: string }[]) => list.map((one) => ({ value: one.code, text: `${one.code} ${pick(one)}` }));
  return (
    <>
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
    </>
  );
}
