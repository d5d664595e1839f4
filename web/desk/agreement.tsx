// Beside the determination: the parties settle it themselves, guided by the desk (Order 146, arts. 19-22).
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { pickField, said } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import type { Case, Compensation, Missing } from '@shared/types';
import { Banner, Button, Pill, Segmented, Select, TextField } from '@shared/ui';
import { compose, termsOf, type Terms } from './agreement_draft';
import type { Draft } from './draft';
import { useKey } from './keys';
import { t } from './messages';
import type { Room } from './room';
import { tabOf, type TabName } from './tabs';

const WAYS: Compensation[] = ['insurance', 'private', 'none'];
const WAY_WORDS = { insurance: 'payInsurance', private: 'payPrivate', none: 'payNone' } as const;
const SAVE_AFTER_MS = 500;

export function AgreementTab({ room, file, draft, onGo, onProposed }: { room: Room; file: Case; draft: Draft; onGo: (tab: TabName) => void; onProposed: () => void }) {
  const { body } = useStore(draft);
  const settlement = file.agreement;
  const [terms, setTerms] = useState<Terms>(() => termsOf(settlement.draft));
  const [missing, setMissing] = useState<Missing[]>(settlement.missing);
  const [errors, setErrors] = useState<Missing[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const proposed = settlement.status === 'proposed' || settlement.status === 'agreed';
  const parties = useMemo(() => file.parties.map((one) => ({ value: one.id, text: t('party', { label: partyMark(one.label) }) })), [file.parties]);

  const save = async (next: Terms): Promise<boolean> => {
    clearTimeout(timer.current);
    setFailure(null);
    try {
      const { version, agreement } = await api.getCase(file.id);
      const reply = await api.putAgreement(file.id, compose(body, agreement.draft, next), version);
      setMissing(reply.missing);
      setErrors([]);
      return true;
    } catch (error) {
      const wrong = error instanceof ApiError && error.status === 422 ? error.problem.errors ?? [] : [];
      setErrors(wrong);
      setFailure(wrong.length ? null : errorText(error));
      return false;
    }
  };
  const edit = (part: Partial<Terms>) => {
    const next = { ...terms, ...part };
    setTerms(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(next), SAVE_AFTER_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const propose = async () => {
    setBusy(true);
    if (await save(terms)) {
      try {
        const { version } = await api.getCase(file.id);
        await room.attempt(() => api.proposeAgreement(file.id, version), t('agreementProposed'));
        onProposed();
      } catch (error) { setFailure(errorText(error)); }
    }
    setBusy(false);
  };
  useKey('next', settlement.allowed && !proposed && file.stills.length > 0 ? () => void propose() : null);
  if (!settlement.allowed) {
    return (
      <Banner tone="warn" icon="warning" title={t('notSettleable')} testid="not-settleable">
        {settlement.grounds.map((ground) => <p key={ground.code}>{pickField(ground, 'title')} · {ground.legal_basis}</p>)}
      </Banner>);
  }
  const problems = errors.length ? errors : missing;
  return (
    <section class="settle" data-testid="agreement-tab">
      <p class="settle__lead">{t('settleLead')}</p>
      {body.parties.map((one) => {
        const party = file.parties.find((known) => known.id === one.party_id)!;
        return (
          <div key={one.party_id} class="settle__party">
            <b>{t('party', { label: partyMark(party.label) })} <span class="num">{party.plate_number}</span> {party.name}</b>
            {one.liability && <Pill tone="brand">{codeText('liability', one.liability)}</Pill>}
            <TextField label={t('ownDamage')} type="number" min={0} disabled={proposed} value={terms.damage[one.party_id] == null ? '' : String(terms.damage[one.party_id])}
              onValue={(value) => edit({ damage: { ...terms.damage, [one.party_id]: value === '' ? null : Math.round(Number(value)) } })} testid={`damage-${party.label}`} />
          </div>);
      })}
      <Segmented label={t('compensation')} value={terms.compensation} disabled={proposed} testid="compensation" choices={WAYS.map((value) => ({ value, text: t(WAY_WORDS[value]) }))} onValue={(value) => edit({ compensation: value as Compensation })} />
      {terms.compensation === 'private' && (
        <div class="grid">
          <Select label={t('paysFrom')} value={terms.from ?? ''} empty={t('choose')} disabled={proposed} choices={parties} onValue={(value) => edit({ from: value || null })} testid="pays-from" />
          <Select label={t('paysTo')} value={terms.to ?? ''} empty={t('choose')} disabled={proposed} choices={parties} onValue={(value) => edit({ to: value || null })} testid="pays-to" />
          <TextField label={t('paysAmount')} type="number" min={1} disabled={proposed} value={terms.amount === null ? '' : String(terms.amount)} onValue={(value) => edit({ amount: value === '' ? null : Math.round(Number(value)) })} testid="pays-amount" />
        </div>)}
      {!proposed && problems.length > 0 && (
        <ul class={`settle__open${errors.length ? ' settle__open--bad' : ''}`} data-testid="agreement-open">
          {problems.map((one) => <li key={one.pointer + one.message}><button type="button" class="foot__go" onClick={() => onGo(agreementTab(one.pointer))}>{said(one.message)}</button></li>)}
        </ul>)}
      {failure && <p class="foot__failure" role="alert">{failure}</p>}
      {proposed ? <Banner tone="brand" icon="document" testid="agreement-proposed">{t(settlement.status === 'agreed' ? 'agreementAgreed' : 'agreementOpen')}</Banner>
        : <Button kind="primary" size="m" icon="document" kbd="Ctrl ⏎" busy={busy} disabled={file.stills.length === 0} testid="propose-agreement" onClick={() => void propose()}>{t('proposeAgreement')}</Button>}
    </section>
  );
}

/** Where a finding of the agreement is filled in. */
export function agreementTab(pointer: string): TabName {
  return pointer.startsWith('/compensation') || pointer.startsWith('/payments') || /\/damage_cny$/.test(pointer) ? 'agreement' : tabOf(pointer);
}
