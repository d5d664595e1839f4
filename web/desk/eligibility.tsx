// May this case be handled by video? The grounds at the head of the file, and what the officer has learned since.
import { useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { pick, pickField } from '@shared/i18n';
import { ts } from '@shared/messages';
import { api } from '@shared/staff';
import { timeOfDay } from '@shared/time';
import type { Case, Codes, Triage } from '@shared/types';
import { Button, Check, Dialog, Pill, Select, TextField, toast } from '@shared/ui';
import { useKey } from './keys';
import { t, type DeskKey } from './messages';
import type { Room } from './room';

type YesNo = Exclude<keyof Triage, 'injury' | 'weather' | 'road_type' | 'loss_cny'>;

const CHECKS: { field: YesNo; text: DeskKey }[] = [
  { field: 'death', text: 'elDeath' }, { field: 'all_parties_agree', text: 'elAgree' }, { field: 'licence_problem', text: 'elLicence' },
  { field: 'alcohol_or_drugs', text: 'elAlcohol' }, { field: 'crime_suspected', text: 'elCrime' }, { field: 'plate_problem', text: 'elPlate' },
  { field: 'no_inspection_or_insurance_mark', text: 'elMark' }, { field: 'cannot_move', text: 'elCannotMove' }, { field: 'vehicles_moved', text: 'elMoved' },
  { field: 'party_left', text: 'elLeft' }, { field: 'intent', text: 'elIntent' }, { field: 'facility_damage', text: 'elFacility' },
  { field: 'hazardous_goods', text: 'elHazardous' }, { field: 'overloaded_or_speeding_passenger_vehicle', text: 'elPassenger' }, { field: 'late_report', text: 'elLate' }];

const MAY_LEARN: readonly Case['state'][] = ['in_call', 'evidence_fixed', 'on_scene', 'reopened'];

/** Only what differs from what is known. */
export function learnedOf(known: Triage, now: Triage): Partial<Triage> {
  const fields = Object.keys(now) as (keyof Triage)[];
  const normal = (value: unknown) => (value === undefined || value === null || value === '' || value === 0 ? false : value);
  return Object.fromEntries(fields.filter((field) => normal(known[field]) !== normal(now[field])).map((field) => [field, now[field] ?? null])) as Partial<Triage>;
}

export function Eligibility({ room, file, codes }: { room: Room; file: Case; codes: Codes | null }) {
  const [learning, setLearning] = useState(false);
  const { grounds, help, outcome, assessed_at } = file.eligibility;
  useKey('learn', codes && MAY_LEARN.includes(file.state) ? () => setLearning(true) : null);
  return (
    <div class="eligibility" data-testid="eligibility" data-outcome={outcome}>
      {grounds.map((ground) => (
        <p key={ground.code} class={outcome === 'remote' ? 'file__ground' : 'file__ground file__ground--warn'} data-testid={`ground-${ground.code}`}>
          {pickField(ground, 'title')} · {ground.kind === 'local_policy' && <Pill>{t('localPolicy')}</Pill>} {ground.legal_basis}
        </p>))}
      {help && (
        <p class="file__ground file__ground--warn" data-testid="hospital">
          {help.emergency_phone}{help.hospital && <> · {pickField(help.hospital, 'name')}{help.hospital.distance_m !== null && ` · ${(help.hospital.distance_m / 1000).toFixed(1)} km`} {help.hospital.example ? <Pill tone="warn">{t('exampleData')}</Pill> : help.hospital.phone}</>}
        </p>)}
      {codes && MAY_LEARN.includes(file.state) && (
        <p class="file__ground file__learn">{assessed_at && t('elAssessed', { t: timeOfDay(assessed_at) })} <Button size="s" icon="pen" kbd="Alt L" testid="learn-more" onClick={() => setLearning(true)}>{t('elLearn')}</Button></p>)}
      {learning && codes && <Learn room={room} file={file} codes={codes} onClose={() => setLearning(false)} />}
    </div>
  );
}

function Learn({ room, file, codes, onClose }: { room: Room; file: Case; codes: Codes; onClose: () => void }) {
  const [now, setNow] = useState<Triage>(file.triage);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<ApiError | null>(null);
  const edit = (part: Partial<Triage>) => setNow({ ...now, ...part });
  const learned = learnedOf(file.triage, now);
  const save = async () => {
    setBusy(true);
    try {
      const { case: after } = await api.assess(file.id, learned, file.version);
      toast(t(after.eligibility.outcome === 'remote' ? 'eligible' : 'notEligible'), after.eligibility.outcome === 'remote' ? 'ok' : 'bad');
      onClose();
      await room.reload();
    } catch (failure) {
      setErrors(failure instanceof ApiError ? failure : null);
      toast(errorText(failure), 'bad');
      setBusy(false);
    }
  };
  const choices = (list: { code: string; zh: string; en: string }[]) => list.map((one) => ({ value: one.code, text: `${one.code} ${pick(one)}` }));
  return (
    <Dialog wide title={t('elLearn')} onClose={onClose} testid="learn-dialog" foot={<>
      <Button onClick={onClose}>{ts('cancel')}</Button>
      <Button kind="primary" busy={busy} disabled={Object.keys(learned).length === 0} testid="learn-save" onClick={() => void save()}>{t('elDecide')}</Button></>}>
      <p>{t('elLearnText')}</p>
      <div class="grid">
        <Select label={t('elInjury')} value={now.injury} onValue={(value) => edit({ injury: value as Triage['injury'] })} testid="learn-injury"
          choices={[{ value: 'none', text: t('elNone') }, { value: 'slight', text: t('elSlight') }, { value: 'serious', text: t('elSerious') }]} />
        <Select label={t('weather')} value={now.weather ?? ''} empty={t('choose')} choices={choices(codes.weather)} onValue={(value) => edit({ weather: value || null })}
          error={errors?.field('/weather') ?? null} testid="learn-weather" />
        <Select label={t('roadType')} value={now.road_type ?? ''} empty={t('choose')} choices={choices(codes.road_type)} onValue={(value) => edit({ road_type: value || null })}
          error={errors?.field('/road_type') ?? null} testid="learn-road-type" />
        <TextField label={t('elLoss')} type="number" min={0} value={now.loss_cny ? String(now.loss_cny) : ''} onValue={(value) => edit({ loss_cny: Math.max(0, Math.round(Number(value))) })}
          error={errors?.field('/loss_cny') ?? null} testid="learn-loss" />
      </div>
      <div class="eligibility__checks" role="group" aria-label={t('elCircumstances')}>
        {CHECKS.map(({ field, text }) => <Check key={field} checked={now[field] ?? false} onChange={(value) => edit({ [field]: value })} testid={`learn-${field}`}>{t(text)}</Check>)}
      </div>
    </Dialog>
  );
}
