// What a party may say and ask for itself, a tap away on every screen: its consents, each read, given and withdrawn by itself;
// and that the officer step back (art. 105).
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { dueText, isOver } from '@shared/deadlines';
import { pickField } from '@shared/i18n';
import { ts } from '@shared/messages';
import { dayAndTime } from '@shared/time';
import type { Case, ConsentEntry, ConsentRule, Recusal } from '@shared/types';
import { Banner, Button, Dialog, LangSwitch, Pill, Spinner, TextArea, toast } from '@shared/ui';
import { tg } from '../rights_messages';
import type { PartySession } from '../session';

interface Props { session: PartySession; of: Case }

export function Rights({ session, of, onClose }: Props & { onClose: () => void }) {
  return (
    <Dialog sheet title={tg('title')} onClose={onClose} testid="rights-dialog" foot={<Button size="l" block testid="rights-close" onClick={onClose}>{ts('close')}</Button>}>
      <LangSwitch class="rights__lang" />
      <Consents session={session} of={of} />
      <RecusalPart session={session} of={of} />
    </Dialog>
  );
}

/* ---- consents ---- */

function Consents({ session, of }: Props) {
  const [rules, setRules] = useState<ConsentRule[] | null>(null);
  const [ledger, setLedger] = useState<ConsentEntry[] | null>(null);
  const load = () => void session.api.consentLedger(of.id, session.value.partyId!).then(setLedger, () => undefined);
  useEffect(() => { void session.api.codes().then(({ consents }) => setRules(consents), () => setRules([])); }, [session]);
  useEffect(load, [of.version]);
  if (!rules || !ledger) return <Spinner />; // "not given" is said of what is known
  const asked = rules.filter((one) => one.code !== 'simplified_procedure' || of.triage.injury === 'slight');
  return (
    <section class="rights" aria-labelledby="consents-title">
      <h3 id="consents-title">{tg('consents')}</h3>
      <p>{tg('consentsLead')}</p>
      {asked.map((rule) => <Consent key={rule.code} session={session} rule={rule} said={ledger.filter((one) => one.kind === rule.code)} />)}
    </section>
  );
}

function Consent({ session, rule, said }: { session: PartySession; rule: ConsentRule; said: ConsentEntry[] }) {
  const [leaving, setLeaving] = useState(false);
  const [busy, setBusy] = useState(false);
  const last = said.at(-1);
  const given = last?.given ?? false;
  const say = async (yes: boolean) => {
    setBusy(true);
    try { await session.consent(rule.code, yes); } catch (error) { toast(errorText(error), 'bad', 7000); }
    setBusy(false);
    setLeaving(false);
  };
  return (
    <article class="consent" data-testid={`consent-${rule.code}`} data-given={given}>
      <header><h4>{pickField(rule, 'title')}</h4><Pill tone={given ? 'ok' : undefined} icon={given ? 'check' : undefined}>{tg(given ? 'given' : 'notGiven')}</Pill></header>
      <p>{pickField(rule, 'what')}</p>
      <small>{tg('basis', { basis: rule.legal_basis })}</small>
      {last && <small class="num">{tg(given ? 'since' : 'withdrawnAt', { at: dayAndTime(last.at) })}{last.recorded_by && tg('told', { who: last.recorded_by })}</small>}
      {said.length > 1 && (
        <details><summary>{tg('history')}</summary>
          <ul>{said.map((one, index) => <li key={index} class="num">{dayAndTime(one.at)} {tg(one.given ? 'give' : 'withdraw')}{one.recorded_by && tg('told', { who: one.recorded_by })}</li>)}</ul>
        </details>)}
      {given
        ? <Button size="m" busy={busy} testid={`withdraw-${rule.code}`} onClick={() => setLeaving(true)}>{tg('withdraw')}</Button>
        : <Button size="m" busy={busy} testid={`give-${rule.code}`} onClick={() => void say(true)}>{tg('give')}</Button>}
      {leaving && (
        <Dialog sheet title={tg('withdrawTitle', { what: pickField(rule, 'title') })} onClose={() => setLeaving(false)} testid="consent-withdraw" foot={<>
          <Button kind={rule.code === 'recording' ? 'alarm' : 'primary'} size="l" block busy={busy} testid="withdraw-yes" onClick={() => void say(false)}>{tg('withdrawYes')}</Button>
          <Button size="l" block disabled={busy} testid="withdraw-no" onClick={() => setLeaving(false)}>{tg('withdrawNo')}</Button></>}>
          <p><b>{tg('after')}</b>{pickField(rule, 'after')}</p>
        </Dialog>)}
    </article>
  );
}

/* ---- recusal ---- */

const ASKED_IN: readonly Case['state'][] = ['in_call', 'evidence_fixed'];

function RecusalPart({ session, of }: Props) {
  const [known, setKnown] = useState<Recusal[]>([]);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const load = () => session.api.caseRecusals(of.id).then(setKnown, () => undefined);
  // A request and its decision leave the case as it is: what tells of them is that it was read again.
  useEffect(() => { void load(); }, [of]);
  const open = known.find((one) => !one.decision && one.user.id === of.officer?.id);
  const may = of.officer !== null && ASKED_IN.includes(of.state) && !open;
  const send = async () => {
    setTried(true);
    if (!reason.trim()) return;
    setBusy(true);
    try {
      await session.api.askRecusal(of.id, reason.trim());
      toast(tg('recusalSent'), 'ok');
      setReason('');
      setTried(false);
      await load();
      await session.refresh();
    } catch (error) { toast(errorText(error), 'bad', 7000); }
    setBusy(false);
  };
  return (
    <section class="rights" aria-labelledby="recusal-title" data-testid="recusal">
      <h3 id="recusal-title">{tg('recusal')}</h3>
      <p>{tg('recusalLead')}</p>
      {known.map((one) => <Asked key={one.id} of={of} one={one} />)}
      {may && <>
        <p class="num">{tg('recusalOf', { name: `${of.officer!.name} ${of.officer!.badge_number ?? ''}` })}</p>
        <TextArea label={tg('recusalReason')} value={reason} onValue={setReason} rows={3} maxLength={2000} testid="recusal-reason" error={tried && !reason.trim() ? tg('recusalNeeded') : null} />
        <Button size="l" block busy={busy} testid="recusal-send" onClick={() => void send()}>{tg('recusalSend')}</Button></>}
      {!may && !open && <p class="note">{tg(of.determined_at ? 'recusalLate' : 'recusalNot')}</p>}
    </section>
  );
}

function Asked({ of, one }: { of: Case; one: Recusal }) {
  const limit = of.deadlines.find((other) => other.code === 'RECUSAL_DECISION' && !isOver(other));
  const state = one.decision ? tg(one.decision) : limit ? tg('recusalWaiting', { day: dueText(limit) }) : tg('recusalOpen');
  return (
    <div data-testid="recusal-asked" data-decision={one.decision ?? ''}>
      <Banner tone={one.decision ? 'brand' : 'warn'} icon={one.decision ? 'check' : 'clock'} title={tg('recusalAsked', { at: dayAndTime(one.asked_at), name: one.user.name })}>
        {state}{one.note && <p>{tg('recusalNote', { note: one.note })}</p>}
      </Banner>
    </div>
  );
}
