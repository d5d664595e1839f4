// One's own particulars, filled in while waiting: what there is of a driver, a rider, somebody on foot.
import { useState } from 'preact/hooks';
import { ApiError, errorText, saidOf } from '@shared/api';
import { ts } from '@shared/messages';
import { plateTypeOf } from '@shared/plate';
import type { Codes, Missing, Party, PartyKind, PartyParticulars } from '@shared/types';
import { Button, Dialog, PlateField, Segmented, TextField, toast } from '@shared/ui';
import { Particular } from '@shared/ui/particular';
import { kinds } from './kinds';
import { t } from './messages';
import type { PartySession } from './session';

interface Form { kind: PartyKind; name: string; phone: string; plate: string; id: string; licence: string; insurer: string; certificate: string }

const formOf = (me: Party): Form => ({
  kind: me.kind ?? 'motor', name: me.name ?? '', phone: me.phone ?? '', plate: me.plate_number ?? '', id: me.id_number ?? '', licence: me.licence_number ?? '',
  insurer: me.insurer ?? '', certificate: me.insurance_certificate ?? '',
});

/** What is said of a party of that kind; nothing that it can't have. */
export function particularsOf(form: Form): PartyParticulars {
  const motor: PartyParticulars = {
    ...(form.plate ? { plate_number: form.plate, plate_type: plateTypeOf(form.plate) } : {}), ...(form.licence ? { licence_number: form.licence } : {}),
    ...(form.insurer ? { insurer: form.insurer } : {}), ...(form.certificate ? { insurance_certificate: form.certificate } : {}),
  };
  return {
    kind: form.kind, ...(form.name ? { name: form.name } : {}), ...(form.phone ? { phone: form.phone } : {}), ...(form.id ? { id_number: form.id } : {}),
    ...(form.kind === 'motor' ? motor : {}),
  };
}

export function Mine({ session }: { session: PartySession }) {
  const [open, setOpen] = useState(false);
  const me = session.me;
  if (!me) return null;
  return (
    <section class="plain" data-testid="mine">
      <h2>{t('mineTitle')}</h2>
      <p>{t('mineLead')}</p>
      <Button size="l" block icon="pen" testid="mine-open" onClick={() => setOpen(true)}>{t('mineOpen')}</Button>
      {open && <MineDialog session={session} me={me} onClose={() => setOpen(false)} />}
    </section>
  );
}

function MineDialog({ session, me, onClose }: { session: PartySession; me: Party; onClose: () => void }) {
  const [form, setForm] = useState(() => formOf(me));
  const [errors, setErrors] = useState<Missing[]>([]);
  const [busy, setBusy] = useState(false);
  const [codes, setCodes] = useState<Codes | null>(null);
  const edit = (part: Partial<Form>) => setForm({ ...form, ...part });
  const said = (field: string) => saidOf(errors, `/${field}`);
  const insurers = () => { if (!codes) void session.api.codes(session.value.case?.rules_number).then(setCodes, () => undefined); };
  const save = async () => {
    setBusy(true);
    try {
      await session.saveMine(particularsOf(form));
      toast(t('mineSaved'), 'ok');
      onClose();
    } catch (failure) {
      setErrors(failure instanceof ApiError ? failure.problem.errors ?? [] : []);
      toast(errorText(failure), 'bad');
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={t('mineTitle')} onClose={onClose} testid="mine-dialog" foot={<>
      <Button kind="primary" size="l" block busy={busy} testid="mine-save" onClick={() => void save()}>{t('mineSave')}</Button>
      <Button size="l" block onClick={onClose}>{ts('cancel')}</Button></>}>
      <div class="form">
        <Segmented label={t('kindTitle')} value={form.kind} onValue={(kind) => edit({ kind: kind as PartyKind })} choices={kinds()} testid="mine-kind" />
        <TextField label={t('name')} value={form.name} onValue={(name) => edit({ name })} error={said('name')} autocomplete="name" maxLength={50} testid="mine-name" />
        <Particular field="phone" label={t('phone')} value={form.phone} onValue={(phone) => edit({ phone })} error={said('phone')} inputMode="tel" autocomplete="tel" testid="mine-phone" />
        <Particular field="id_number" label={t('idNumber')} value={form.id} onValue={(id) => edit({ id })} error={said('id_number')} maxLength={24} testid="mine-id" />
        {form.kind === 'motor' && <>
          <PlateField label={t('plate')} value={form.plate} onValue={(plate) => edit({ plate })} error={said('plate_number')} testid="mine-plate" />
          <Particular field="licence_number" label={t('licenceNumber')} value={form.licence} onValue={(licence) => edit({ licence })} error={said('licence_number')} maxLength={24} testid="mine-licence" />
          <div onFocusCapture={insurers}>
            <Particular field="insurer" label={t('insurer')} value={form.insurer} onValue={(insurer) => edit({ insurer })} error={said('insurer')} list="mine-insurers" maxLength={40} testid="mine-insurer" />
            <datalist id="mine-insurers">{codes?.insurers.map((one) => { const name = typeof one === 'string' ? one : one.zh; return <option key={name} value={name} />; })}</datalist>
          </div>
          <Particular field="insurance_certificate" label={t('certificate')} value={form.certificate} onValue={(certificate) => edit({ certificate })} error={said('insurance_certificate')} maxLength={40} testid="mine-certificate" />
        </>}
      </div>
    </Dialog>
  );
}
