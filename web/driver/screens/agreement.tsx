// Two drivers settle it themselves: one question a screen, each on the own phone, one draft between them.
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { pick, said } from '@shared/i18n';
import { codeText, ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { isPlate, plateTypeOf, showPlate } from '@shared/plate';
import { qrPath } from '@shared/qr';
import { useStore } from '@shared/store';
import { dayAndTime } from '@shared/time';
import type { Agreement, Case, Code, Codes, Compensation } from '@shared/types';
import { Banner, Button, Check, Icon, PlateField, Select, Spinner, TextField, toast } from '@shared/ui';
import { ta, type AgreementKey } from '../agreement_messages';
import type { PartySession } from '../session';
import { FAULTS, faultOf, firstStep, mine, openOf, payer, STEPS, theirs, withFault, withParty, withPayment, type Fault, type SettleStep } from '../settle';
import { Heading, Shell } from '../shell';
import { Photos } from './waiting';

interface Props { session: PartySession; of: Case; notice: preact.ComponentChildren; onLeave: () => void; onOfficer: () => void }
type Change = (draft: Agreement) => Agreement;

export function Settle({ session, of, notice, onLeave, onOfficer }: Props) {
  const { partyId } = useStore(session);
  const [codes, setCodes] = useState<Codes | null>(null);
  const [step, setStep] = useState<SettleStep>(() => firstStep(of, partyId));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => { void session.api.codes(of.rules_number).then(setCodes, () => undefined); }, [session]);
  useEffect(() => setProblem(null), [step]);
  // Only who reported it can hand out links.
  const steps = STEPS.filter((one) => one !== 'other' || session.me?.is_reporter);
  const at = steps.indexOf(step);
  const next = () => setStep(steps[Math.min(at + 1, steps.length - 1)]!);
  const save = async (change: Change, onward = true) => {
    setBusy(true);
    setProblem(null);
    try {
      await session.saveAgreement(change);
      if (onward) next();
    } catch (error) {
      setProblem(errorText(error));
    }
    setBusy(false);
  };
  if (!codes) return <Shell testid="settle" label={ta('label')}><Spinner /></Shell>;
  // Ten steps leave no room for a title beside the dots.
  const frame = {
    label: '', focusKey: step, progress: { at: at + 1, of: steps.length }, onBack: at === 0 ? onLeave : () => setStep(steps[at - 1]!),
    onSendOfficer: (reason: string) => session.sendOfficer(reason),
    notice: <>{notice}{problem && <div class="notice"><Banner tone="bad" icon="warning" urgent testid="problem">{problem}</Banner></div>}</>,
  };
  const question = { session, of, codes, frame, busy, save, next, draft: of.agreement.draft, partyId };
  switch (step) {
    case 'photos': return (
      <Shell {...frame} testid="settle-photos" foot={<Button kind="primary" size="l" block disabled={of.stills.length === 0} testid="next" onClick={next}>{ts('next')}</Button>}>
        <Heading lead={ta('photosLead')}>{ta('photos')}</Heading>
        <Photos session={session} of={of} bare />
      </Shell>);
    case 'other': return <Other {...question} />;
    case 'vehicle': return <Pick {...question} testid="vehicle" title={ta('vehicle')} lead={ta('vehicleLead')} choices={vehicles(codes)} few={6}
      value={mine(question.draft, partyId)?.vehicle_type ?? null} onPick={(code) => save((draft) => withParty(draft, partyId, { vehicle_type: code }))} />;
    case 'papers': return <Papers {...question} />;
    case 'weather': return <Pick {...question} testid="weather" title={ta('weather')} choices={codes.weather} few={5} value={question.draft.weather} onPick={(code) => save((draft) => ({ ...draft, weather: code }))} />;
    case 'how': return <How {...question} />;
    case 'part': return <Pick {...question} testid="part" title={ta('part')} lead={ta('partLead')} choices={codes.collision_part} few={20} value={mine(question.draft, partyId)?.collision_part ?? null}
      onPick={(code) => save((draft) => withParty(draft, partyId, { collision_part: code }))} />;
    case 'fault': return <FaultQuestion {...question} />;
    case 'pay': return <Pay {...question} />;
    case 'review': return <Review {...question} onStep={setStep} onOfficer={onOfficer} />;
  }
}

/** Those that collide most often come first. */
const OFTEN = ['K3', 'F6', 'H3', 'M1', 'K4', 'F1'];
function vehicles(codes: Codes): Code[] {
  const rank = (one: Code) => { const at = OFTEN.indexOf(one.code); return at < 0 ? OFTEN.length : at; };
  return codes.vehicle_type.filter((one) => one.class === 'motor' || one.class === 'non_motor').sort((a, b) => rank(a) - rank(b));
}

interface Question {
  session: PartySession; of: Case; codes: Codes; draft: Agreement; partyId: string | null; busy: boolean; next: () => void;
  frame: Omit<Parameters<typeof Shell>[0], 'children' | 'testid'>; save: (change: Change, onward?: boolean) => Promise<void>;
}

function ChoiceCard({ text, hint, chosen, testid, onClick }: { text: string; hint?: string; chosen: boolean; testid: string; onClick: () => void }) {
  return (
    <button type="button" class="card card--choice" aria-pressed={chosen} data-testid={testid} onClick={onClick}>
      <span><b>{text}</b>{hint && <small>{hint}</small>}</span>{chosen && <Icon name="check" />}
    </button>
  );
}

/** One of a list of codes; a tap answers and goes on. */
function Pick({ frame, title, lead, choices, few, value, onPick, testid }: Question & { title: string; lead?: string; few: number; value: string | null; onPick: (code: string) => void; testid: string; choices: Code[] }) {
  const [all, setAll] = useState(false);
  const shown = all || choices.length <= few ? choices : choices.filter((one, index) => index < few || one.code === value);
  return (
    <Shell {...frame} testid={`settle-${testid}`} foot={value !== null && <Button kind="primary" size="l" block testid="next" onClick={() => onPick(value)}>{ts('next')}</Button>}>
      <Heading lead={lead}>{title}</Heading>
      <div class="cards cards--tight">
        {shown.map((one) => <ChoiceCard key={one.code} text={pick(one)} chosen={one.code === value} testid={`${testid}-${one.code}`} onClick={() => onPick(one.code)} />)}
        {shown.length < choices.length && <Button kind="quiet" size="l" block testid={`${testid}-more`} onClick={() => setAll(true)}>{ta('vehicleMore')}</Button>}
      </div>
    </Shell>
  );
}

function Other({ session, of, frame, next }: Question) {
  const [plate, setPlate] = useState('');
  const [noPlate, setNoPlate] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const other = of.parties.find((one) => one.id !== session.value.partyId);
  const add = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await session.api.addParty(of.id, noPlate ? {} : { plate_number: plate, plate_type: plateTypeOf(plate) });
      await session.refresh();
    } catch (error) { setProblem(errorText(error)); }
    setBusy(false);
  };
  if (other) return <Scan session={session} of={of} frame={frame} otherId={other.id} plate={other.plate_number ?? null} next={next} />;
  return (
    <Shell {...frame} testid="settle-other" foot={<Button kind="primary" size="l" block busy={busy} disabled={!noPlate && !isPlate(plate)} testid="next" onClick={() => void add()}>{ts('next')}</Button>}>
      <Heading lead={ta('otherLead')}>{ta('other')}</Heading>
      <PlateField label={ta('plate')} value={plate} onValue={setPlate} disabled={noPlate} error={problem} testid="other-plate" />
      <Check checked={noPlate} onChange={setNoPlate} testid="other-no-plate">{ta('otherNoPlate')}</Check>
    </Shell>
  );
}

function Scan({ session, of, frame, otherId, plate, next }: { session: PartySession; of: Case; frame: Question['frame']; otherId: string; plate: string | null; next: () => void }) {
  const [link, setLink] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    void session.api.invite(of.id, otherId).then(({ url }) => setLink(new URL(url, location.href).href), (error: unknown) => setProblem(errorText(error)));
  }, [otherId]);
  const code = link ? qrPath(link) : null;
  return (
    <Shell {...frame} testid="settle-scan" foot={<Button kind="primary" size="l" block testid="next" onClick={next}>{ta('otherDone')}</Button>}>
      <Heading lead={ta('otherScanLead')}>{ta('otherScan')}</Heading>
      {problem && <Banner tone="bad" icon="warning" urgent>{problem}</Banner>}
      <div class="scan">
        {code ? <svg class="scan__code" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={ta('otherQr')} shape-rendering="crispEdges" data-testid="other-qr"><path d={code.path} /></svg> : !problem && <Spinner />}
        {plate && <b class="num">{showPlate(plate)}</b>}
        {link && <p class="num scan__link" data-testid="other-link">{link}</p>}
        {link && <Button size="m" icon="link" testid="other-copy" onClick={() => void navigator.clipboard?.writeText(link).then(() => toast(ta('copied'), 'ok'), () => undefined)}>{ta('copy')}</Button>}
      </div>
    </Shell>
  );
}

const insurerName = (one: Codes['insurers'][number]) => (typeof one === 'string' ? { code: one, text: one } : { code: one.code, text: pick(one) });

function Papers({ frame, codes, draft, partyId, busy, save }: Question) {
  const own = mine(draft, partyId)!;
  const motor = codes.vehicle_type.find((one) => one.code === own.vehicle_type)?.class !== 'non_motor';
  const [form, setForm] = useState({ name: own.name ?? '', phone: own.phone ?? '', plate_number: own.plate_number ?? '', licence_number: own.licence_number ?? '', id_number: own.id_number ?? '', insurer: own.insurer ?? '', insurance_certificate: own.insurance_certificate ?? '' });
  const asked = useRef({ name: !own.name, phone: !own.phone, plate: !own.plate_number }).current;
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const send = () => {
    const who = { ...(asked.name ? { name: form.name.trim() } : {}), ...(asked.phone ? { phone: form.phone.trim() } : {}) };
    const papers = motor
      ? { licence_number: form.licence_number.trim(), insurer: form.insurer, insurance_certificate: form.insurance_certificate.trim(), ...(asked.plate && form.plate_number ? { plate_number: form.plate_number } : {}),
        ...(own.plate_type ? {} : { plate_type: form.plate_number ? plateTypeOf(form.plate_number) : null }) }
      : { id_number: form.id_number.trim() };
    void save((now) => withParty(now, partyId, { ...who, ...papers }));
  };
  const complete = (motor ? form.licence_number && form.insurer && form.insurance_certificate : form.id_number) && (!asked.name || form.name) && (!asked.phone || form.phone);
  return (
    <Shell {...frame} testid="settle-papers" foot={<Button kind="primary" size="l" block busy={busy} disabled={!complete} testid="next" onClick={send}>{ts('next')}</Button>}>
      <Heading lead={ta('papersLead')}>{ta('papers')}</Heading>
      {asked.name && <TextField label={ta('name')} value={form.name} onValue={set('name')} autocomplete="name" testid="paper-name" />}
      {asked.phone && <TextField label={ta('phone')} value={form.phone} onValue={set('phone')} inputMode="tel" autocomplete="tel" testid="paper-phone" />}
      {motor ? <>
        {asked.plate && <PlateField label={ta('plate')} value={form.plate_number} onValue={set('plate_number')} testid="paper-plate" />}
        <TextField label={ta('licence')} hint={ta('papersHint')} value={form.licence_number} onValue={set('licence_number')} autocapitalize="characters" testid="paper-licence" />
        <Select label={ta('insurer')} value={form.insurer} empty="—" choices={codes.insurers.map(insurerName).map(({ code, text }) => ({ value: code, text }))} onValue={set('insurer')} testid="paper-insurer" />
        <TextField label={ta('certificate')} value={form.insurance_certificate} onValue={set('insurance_certificate')} autocapitalize="characters" testid="paper-certificate" />
      </> : <TextField label={ta('idNumber')} hint={ta('papersHint')} value={form.id_number} onValue={set('id_number')} autocapitalize="characters" testid="paper-id" />}
    </Shell>
  );
}

function How({ frame, codes, draft, busy, save }: Question) {
  const [form, setForm] = useState(draft.accident_form === '12' ? '12' : '11');
  const [type, setType] = useState(draft.collision_type);
  const forms = codes.accident_form.filter((one) => one.code === '11' || one.code === '12');
  return (
    <Shell {...frame} testid="settle-how" foot={<Button kind="primary" size="l" block busy={busy} disabled={!type} testid="next" onClick={() => void save((now) => ({ ...now, accident_form: form, collision_type: type, collision_object: null }))}>{ts('next')}</Button>}>
      <Heading lead={ta('howLead')}>{ta('how')}</Heading>
      <div class="pair" role="group" aria-label={ta('howForm')}>
        {forms.map((one) => <Button key={one.code} size="l" kind={form === one.code ? 'primary' : undefined} pressed={form === one.code} testid={`form-${one.code}`} onClick={() => setForm(one.code)}>{ta('howForm')}{' '}{ta(one.code === '11' ? 'howMoving' : 'howStanding')}</Button>)}
      </div>
      <div class="cards cards--tight">
        {codes.collision_type.map((one) => <ChoiceCard key={one.code} text={pick(one)} chosen={one.code === type} testid={`type-${one.code}`} onClick={() => setType(one.code)} />)}
      </div>
    </Shell>
  );
}

function FaultQuestion({ frame, draft, partyId, save, next }: Question) {
  const chosen = faultOf(draft, partyId);
  const take = (fault: Fault) => void save((now) => withFault(now, partyId, fault));
  return (
    <Shell {...frame} testid="settle-fault" foot={chosen && <Button kind="primary" size="l" block testid="next" onClick={next}>{ts('next')}</Button>}>
      <Heading lead={ta('faultLead')}>{ta('fault')}</Heading>
      <div class="cards cards--tight">
        {FAULTS.map((fault) => <ChoiceCard key={fault} text={ta(`fault_${fault}` as AgreementKey)} chosen={fault === chosen} testid={`fault-${fault}`} onClick={() => take(fault)} />)}
      </div>
    </Shell>
  );
}

const WAYS: Compensation[] = ['insurance', 'private', 'none'];

function Pay({ frame, of, draft, partyId, busy, save }: Question) {
  const [way, setWay] = useState<Compensation | null>(draft.compensation);
  const [amount, setAmount] = useState(String(draft.payments[0]?.amount_cny ?? ''));
  const fixed = payer(draft), otherId = theirs(draft, partyId)[0]?.party_id ?? null;
  const [from, setFrom] = useState(fixed ?? draft.payments[0]?.from_party_id ?? partyId!);
  const mark = (id: string | null) => partyMark(of.parties.find((one) => one.id === id)?.label ?? '');
  const money = Number(amount);
  const good = way !== null && (way !== 'private' || (Number.isInteger(money) && money > 0));
  const send = () => void save((now) => (way === 'private' ? withPayment(now, fixed ?? from, money) : { ...now, compensation: way, payments: [] }));
  return (
    <Shell {...frame} testid="settle-pay" foot={<Button kind="primary" size="l" block busy={busy} disabled={!good} testid="next" onClick={send}>{ts('next')}</Button>}>
      <Heading>{ta('pay')}</Heading>
      <div class="cards cards--tight">
        {WAYS.map((one) => <ChoiceCard key={one} text={ta(`pay_${one}` as AgreementKey)} hint={ta(`pay_${one}_hint` as AgreementKey)} chosen={one === way} testid={`pay-${one}`} onClick={() => setWay(one)} />)}
      </div>
      {way === 'private' && <>
        {!fixed && <div class="pair" role="group" aria-label={ta('whoPays')}>
          <Button size="l" kind={from === partyId ? 'primary' : undefined} pressed={from === partyId} testid="pay-mine" onClick={() => setFrom(partyId!)}>{ta('iPay')}</Button>
          <Button size="l" kind={from === otherId ? 'primary' : undefined} pressed={from === otherId} testid="pay-theirs" onClick={() => setFrom(otherId!)}>{ta('theyPay')}</Button></div>}
        <TextField label={ta('amount')} hint={ta('amountLead', { from: mark(fixed ?? from), to: mark((fixed ?? from) === partyId ? otherId : partyId) })} value={amount} onValue={setAmount} inputMode="numeric" testid="pay-amount"
          error={amount !== '' && !good ? ta('amountNeeded') : null} />
      </>}
    </Shell>
  );
}

/** Why the last proposal came to nothing. */
function Withdrawn({ of, partyId }: { of: Case; partyId: string | null }) {
  const last = of.documents.at(-1);
  if (last?.proposal?.status !== 'withdrawn' || of.agreement.status !== 'draft') return null;
  const { reason } = last.proposal;
  if (reason !== 'refused' && reason !== 'objected' && reason !== 'changed') return null;
  const own = last.signatures.some((one) => one.party_id === partyId && one.decision !== 'signed');
  return <Banner tone="warn" icon="info" testid="withdrawn">{ta(own ? 'withdrawn_mine' : `withdrawn_${reason}` as AgreementKey)}</Banner>;
}

function moneyText(draft: Agreement, mark: (id: string | null) => string): string {
  if (draft.compensation === null) return ta('none');
  const first = draft.payments[0];
  return draft.compensation === 'private' && first ? `${ta('amountLead', { from: mark(first.from_party_id), to: mark(first.to_party_id) })} ¥${first.amount_cny ?? ''}` : ta(`pay_${draft.compensation}` as AgreementKey);
}

function Review({ session, of, codes, frame, draft, partyId, onStep, onOfficer }: Question & { onStep: (step: SettleStep) => void; onOfficer: () => void }) {
  const [busy, setBusy] = useState(false);
  const { own, others } = openOf(of, of.agreement.missing, partyId);
  const mark = (id: string | null) => partyMark(of.parties.find((one) => one.id === id)?.label ?? '');
  const word = (list: Code[], code: string | null) => { const found = list.find((one) => one.code === code); return found ? pick(found) : ta('none'); };
  const propose = async () => {
    setBusy(true);
    try { await session.propose(); } catch (error) { toast(errorText(error), 'bad'); }
    setBusy(false);
  };
  const rows: { title: string; value: string; step: SettleStep | null }[] = [
    { title: ta('time'), value: draft.occurred_at ? dayAndTime(draft.occurred_at) : ta('none'), step: null }, { title: ta('place'), value: draft.place_text ?? ta('none'), step: null },
    { title: ta('rowWeather'), value: word(codes.weather, draft.weather), step: 'weather' }, { title: ta('rowHow'), value: word(codes.collision_type, draft.collision_type), step: 'how' },
    ...draft.parties.map((one) => ({ title: `${ta('liability')} · ${one.party_id === partyId ? ta('me') : ta('theOther')} ${mark(one.party_id)}`, value: one.liability ? codeText('liability', one.liability) : ta('none'), step: 'fault' as const })),
    { title: ta('damage'), value: moneyText(draft, mark), step: 'pay' }];
  return (
    <Shell {...frame} testid="settle-review" foot={<>
      <Button kind="primary" size="l" block busy={busy} disabled={own.length > 0 || others} testid="propose" onClick={() => void propose()}>{ta('propose')}</Button>
      <Button kind="quiet" size="m" block testid="settle-officer" onClick={onOfficer}>{ta('officer')}</Button></>}>
      <Heading lead={ta('reviewLead')}>{ta('review')}</Heading>
      <Withdrawn of={of} partyId={partyId} />
      {own.length > 0 && (
        <section class="todo-list" aria-labelledby="open-title" data-testid="settle-open">
          <h2 id="open-title">{ta('open')}</h2>
          {own.map(({ step, text }, index) => <Button key={`${step}${index}`} size="m" block testid={`open-${step}`} onClick={() => onStep(step)}>{text ? said(text) : ta('photos')}</Button>)}
        </section>)}
      {others && <Banner tone="brand" icon="clock" title={ta('othersOpen')} testid="settle-others">{ta('othersOpenText')}</Banner>}
      <dl class="facts">
        {rows.map(({ title, value, step }) => (
          <div key={title}><dt>{title}</dt><dd>{step ? <button type="button" class="facts__change" data-testid={`change-${step}`} onClick={() => onStep(step)}>{value}<Icon name="pen" size="s" /><span class="visually-hidden">{ta('change')}</span></button> : value}</dd></div>))}
      </dl>
    </Shell>
  );
}

/** One's own word is given; the other reads. */
export function WaitForOther({ session, of, notice, children }: { session: PartySession; of: Case; notice: preact.ComponentChildren; children: preact.ComponentChildren }) {
  return (
    <Shell testid="settle-wait" label={ta('label')} notice={notice} onSendOfficer={(reason) => session.sendOfficer(reason)} foot={children}>
      <div class="seal seal--wait" aria-hidden="true"><Icon name="clock" size="l" /></div>
      <Heading lead={ta('waitLead')}>{ta('wait')}</Heading>
      <p class="caseno"><span class="num">{of.number}</span></p>
    </Shell>
  );
}
