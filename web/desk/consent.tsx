// A slight injury: whether each party agrees to the simplified procedure (art. 23), by its own phone or as it tells the desk.
import { api } from '@shared/staff';
import { timeOfDay } from '@shared/time';
import type { Case, Party } from '@shared/types';
import { Button, Pill } from '@shared/ui';
import { t } from './messages';
import type { Room } from './room';

const OPEN: readonly Case['state'][] = ['in_call', 'evidence_fixed'];

export function Consent({ room, file, party }: { room: Room; file: Case; party: Party }) {
  if (file.triage.injury !== 'slight') return null;
  const given = file.consents.find((one) => one.kind === 'simplified_procedure' && one.party_id === party.id);
  const record = (yes: boolean) => void room.attempt(() => api.consent(file.id, party.id, 'simplified_procedure', yes)).then(() => room.reload());
  return (
    <p class="consent" data-testid={`consent-${party.label}`} data-given={given !== undefined}>
      {given ? <Pill tone="ok" icon="check">{t(given.recorded_by ? 'agreedTold' : 'agreed', { t: timeOfDay(given.at) })}</Pill> : <Pill tone="warn">{t('notAgreed')}</Pill>}
      {!given && OPEN.includes(file.state) && <>
        <Button size="s" testid={`consent-yes-${party.label}`} onClick={() => record(true)}>{t('recordAgreed')}</Button>
        <Button size="s" testid={`consent-no-${party.label}`} onClick={() => record(false)}>{t('recordRefused')}</Button></>}
    </p>
  );
}
