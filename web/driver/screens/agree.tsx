// A slight injury: every party says for itself whether video will do (art. 23).
import { useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import type { Call } from '@shared/call';
import type { Case } from '@shared/types';
import { Button, Icon, toast } from '@shared/ui';
import { Hurt } from '../grounds';
import { t } from '../messages';
import type { PartySession } from '../session';
import { Heading, Shell } from '../shell';
import { CallStrip } from './document';

const ASKED_IN: readonly Case['state'][] = ['triaged', 'waiting', 'in_call', 'evidence_fixed', 'reopened'];

export const mustAgree = (of: Case, partyId: string | null): boolean =>
  of.triage.injury === 'slight' && of.eligibility.outcome === 'remote' && ASKED_IN.includes(of.state)
  && !of.consents.some((one) => one.kind === 'simplified_procedure' && one.party_id === partyId);

export function Agree({ session, of, call, notice }: { session: PartySession; of: Case; call: Call | null; notice: preact.ComponentChildren }) {
  const [busy, setBusy] = useState<boolean | null>(null);
  const say = async (given: boolean) => {
    setBusy(given);
    try {
      await session.consent('simplified_procedure', given);
    } catch (error) {
      toast(errorText(error), 'bad');
    }
    setBusy(null);
  };
  return (
    <Shell testid="agree" notice={<>{call && <CallStrip session={session} of={of} call={call} />}{notice}</>} onSendOfficer={(reason) => session.sendOfficer(reason)} foot={<>
      <Button kind="primary" size="l" block busy={busy === true} testid="agree-yes" onClick={() => void say(true)}>{t('agreeYes')}</Button>
      <Button kind="danger" size="l" block busy={busy === false} testid="agree-no" onClick={() => void say(false)}>{t('agreeNo')}</Button></>}>
      <Heading lead={t('agreeLead')}>{t('agreeTitle')}</Heading>
      <Hurt of={of} />
      <p class="note"><Icon name="info" size="s" />{t('agreeBasis')}</p>
    </Shell>
  );
}
