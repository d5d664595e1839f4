// What the rules of retention will erase and why, and the legal holds that keep a case from it.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { pickField, useLang } from '@shared/i18n';
import { seat } from '@shared/staff';
import { useStore } from '@shared/store';
import { day, dayAndTime } from '@shared/time';
import { Banner, Button, Dialog, Empty, Pill, Spinner, TextArea, TextField, toast } from '@shared/ui';
import { t } from './retention_messages';
import { findCase, getCsv, getHolds, getRetention, liftHold, placeHold, type Hold, type RetentionItem } from './retention_api';

const TONES = { due: 'bad', on_hold: 'brand', under_review: 'warn', deadline: 'warn' } as const;

async function save(days: number): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await getCsv(days));
  link.download = 'retention.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function Due({ items, onHold }: { items: RetentionItem[]; onHold: ((item: RetentionItem) => void) | null }) {
  return (
    <table class="results">
      <caption class="visually-hidden">{t('title')}</caption>
      <thead><tr><th scope="col">{t('at')}</th><th scope="col">{t('caseNumber')}</th><th scope="col">{t('what')}</th><th scope="col">{t('state')}</th><th scope="col">{t('why')}</th>{onHold && <td />}</tr></thead>
      <tbody>{items.map((one) => (
        <tr key={`${one.case_id} ${one.what}`} data-testid="due">
          <td class="num">{one.at ? day(one.at) : t('notYet')}</td>
          <th scope="row" class="num">{one.case_number}</th>
          <td>{t(one.what)}</td>
          <td><Pill tone={TONES[one.state]}>{t(one.state)}</Pill></td>
          <td>{pickField(one, 'title')}<br /><span class="history__small">{one.legal_basis} · {one.rule}</span></td>
          {onHold && <td>{one.state !== 'on_hold' && <Button size="s" icon="lock" onClick={() => onHold(one)}>{t('hold')}</Button>}</td>}
        </tr>
      ))}</tbody>
    </table>
  );
}

function Holds({ holds, onLift }: { holds: Hold[]; onLift: ((hold: Hold) => void) | null }) {
  if (holds.length === 0) return <p>{t('noHolds')}</p>;
  return (
    <table class="results">
      <caption class="visually-hidden">{t('holds')}</caption>
      <thead><tr><th scope="col">{t('caseNumber')}</th><th scope="col">{t('reason')}</th><th scope="col">{t('basis')}</th><th scope="col">{t('placed')}</th>{onLift && <td />}</tr></thead>
      <tbody>{holds.map((one) => (
        <tr key={one.id} data-testid="hold">
          <th scope="row" class="num">{one.case_number}</th>
          <td class="history__reason">{one.reason}</td>
          <td>{one.legal_basis}</td>
          <td>{one.placed_by}<br /><span class="history__small num">{dayAndTime(one.placed_at)}</span></td>
          {onLift && <td><Button size="s" testid="lift" onClick={() => onLift(one)}>{t('lift')}</Button></td>}
        </tr>
      ))}</tbody>
    </table>
  );
}

/** Of a case that is named (from the list), or by its number. */
function Place({ item, onClose, onDone }: { item: RetentionItem | null; onClose: () => void; onDone: () => void }) {
  const [number, setNumber] = useState(item?.case_number ?? '');
  const [reason, setReason] = useState('');
  const [basis, setBasis] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const field = (pointer: string) => (failure instanceof ApiError ? failure.field(pointer) : null);
  const go = async () => {
    setBusy(true);
    try {
      const id = item?.case_id ?? (await findCase(number.trim()))?.id;
      if (!id) { setFailure(t('noCase')); setBusy(false); return; }
      await placeHold(id, { reason: reason.trim(), legal_basis: basis.trim() });
      toast(t('heldToast'), 'ok');
      onDone();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('holdTitle')} testid="place-hold" onClose={onClose} foot={<>
      <Button onClick={onClose}>{t('close')}</Button>
      <Button kind="primary" icon="lock" busy={busy} disabled={!number.trim() || !reason.trim() || !basis.trim()} testid="hold-go" onClick={() => void go()}>{t('go')}</Button></>}>
      {item ? <p class="num">{item.case_number}</p> : <TextField label={t('number')} value={number} onValue={setNumber} testid="hold-number" />}
      <TextArea label={t('reason')} value={reason} onValue={setReason} maxLength={1000} rows={2} error={field('/reason')} testid="hold-reason" />
      <TextField label={t('basis')} hint={t('basisHint')} value={basis} onValue={setBasis} maxLength={200} error={field('/legal_basis')} testid="hold-basis" />
      {failure !== null && <Banner tone="bad" icon="warning" urgent>{typeof failure === 'string' ? failure : errorText(failure)}</Banner>}
    </Dialog>
  );
}

function Lift({ hold, onClose, onDone }: { hold: Hold; onClose: () => void; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    try {
      await liftHold(hold.id, reason.trim());
      toast(t('liftedToast'), 'ok');
      onDone();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('liftTitle', { number: hold.case_number })} testid="lift-hold" onClose={onClose} foot={<>
      <Button onClick={onClose}>{t('close')}</Button>
      <Button kind="primary" busy={busy} disabled={!reason.trim()} testid="lift-go" onClick={() => void go()}>{t('lift')}</Button></>}>
      <TextArea label={t('liftReason')} value={reason} onValue={setReason} maxLength={1000} rows={2} testid="lift-reason" />
      {failure !== null && <Banner tone="bad" icon="warning" urgent>{errorText(failure)}</Banner>}
    </Dialog>
  );
}

export function Retention() {
  useLang();
  const mayHold = ['admin', 'supervisor'].includes(useStore(seat)?.user.role ?? '');
  const [days, setDays] = useState('90');
  const [found, setFound] = useState<{ days: number; items: RetentionItem[]; more: boolean } | null>(null);
  const [holds, setHolds] = useState<Hold[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [open, setOpen] = useState<{ place?: RetentionItem | null; lift?: Hold } | null>(null);
  const number = Math.min(36500, Math.max(0, Math.floor(Number(days) || 0)));
  const load = async () => {
    try {
      const [preview, standing] = await Promise.all([getRetention(number), getHolds()]);
      setFound({ days: number, ...preview });
      setHolds(standing.items);
      setError(null);
    } catch (failure) {
      setError(errorText(failure));
    }
  };
  useEffect(() => { void load(); }, []);
  const done = () => { setOpen(null); void load(); };
  if (error && !found) return <Banner tone="bad" icon="warning">{error}</Banner>;
  if (!found) return <Spinner label={t('loading')} />;
  return (
    <div class="history" tabIndex={0} role="region" aria-label={t('title')} data-testid="retention">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <form class="admin__foot" onSubmit={(event) => { event.preventDefault(); void load(); }}>
        <TextField label={t('days')} type="number" min={0} max={36500} value={days} onValue={setDays} testid="days" />
        <Button type="submit" icon="search" testid="show">{t('show')}</Button>
        <Button icon="document" testid="csv" onClick={() => void save(found.days).catch((failure) => toast(errorText(failure), 'bad'))}>{t('csv')}</Button>
      </form>
      {error && <Banner tone="bad" icon="warning">{error}</Banner>}
      {found.more && <Banner icon="info">{t('more')}</Banner>}
      {found.items.length === 0 ? <Empty icon="check">{t('nothing', { n: found.days })}</Empty> : <Due items={found.items} onHold={mayHold ? (item) => setOpen({ place: item }) : null} />}
      <h2>{t('holds')}</h2>
      <p>{t('holdsLead')}</p>
      <Holds holds={holds} onLift={mayHold ? (hold) => setOpen({ lift: hold }) : null} />
      {mayHold && <Button icon="lock" testid="place" onClick={() => setOpen({ place: null })}>{t('place')}</Button>}
      {open?.place !== undefined && <Place item={open.place} onClose={() => setOpen(null)} onDone={done} />}
      {open?.lift && <Lift hold={open.lift} onClose={() => setOpen(null)} onDone={done} />}
    </div>
  );
}
