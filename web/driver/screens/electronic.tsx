// Before one decides: whether the document may be served on this page. Without that it comes on paper.
import { useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import type { CaseDocument } from '@shared/types';
import { Check, toast } from '@shared/ui';
import { tv } from '../service_messages';
import type { PartySession } from '../session';

export function Electronic({ session, document }: { session: PartySession; document: CaseDocument }) {
  const own = document.services?.find((one) => one.party_id === session.value.partyId);
  const [asked] = useState(own?.state === 'on_paper');
  if (!own || !asked || own.state === 'served') return null;
  const say = (given: boolean) => void session.consent('electronic_service', given).catch((error: unknown) => toast(errorText(error), 'bad'));
  return <Check checked={own.state === 'to_confirm'} onChange={say} testid="electronic">{tv('agreeHere')}</Check>;
}
