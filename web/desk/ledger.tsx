// What a party has agreed to, and all that it ever said of that.
import { useEffect, useState } from 'preact/hooks';
import { pickField } from '@shared/i18n';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { Case, Codes, ConsentEntry, Party } from '@shared/types';
import { Pill } from '@shared/ui';
import { tl } from './ledger_messages';

export function ConsentLedger({ file, party, codes }: { file: Case; party: Party; codes: Codes }) {
  const [open, setOpen] = useState(false);
  const [entries, setEntries] = useState<ConsentEntry[]>([]);
  useEffect(() => { if (open) void api.consentLedger(file.id, party.id).then(setEntries, () => undefined); }, [open, file.version]);
  const title = (code: string) => { const rule = codes.consents.find((one) => one.code === code); return rule ? pickField(rule, 'title') : code; };
  const given = file.consents.filter((one) => one.party_id === party.id);
  return (
    <details class="ledger" open={open} data-testid={`ledger-${party.label}`} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{tl('consents')}{given.length === 0 ? <small>{tl('none')}</small> : given.map((one) => <Pill key={one.kind} tone="ok">{title(one.kind)}</Pill>)}</summary>
      <ol>{entries.map((one, index) => (
        <li key={index}><span class="num">{dayAndTime(one.at)}</span> {title(one.kind)} <b>{tl(one.given ? 'given' : 'withdrawn')}</b> <small>{one.recorded_by ? tl('told', { who: one.recorded_by }) : tl('self')}</small></li>))}</ol>
    </details>
  );
}
