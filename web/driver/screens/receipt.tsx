// Whether a document has been served on this party: its own word that it has it, or that it comes on paper (procedure, art. 36).
import { useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { dayAndTime } from '@shared/time';
import type { CaseDocument, ServiceOn } from '@shared/types';
import { Banner, Button, Icon, toast } from '@shared/ui';
import { tv, type ServiceKey } from '../service_messages';
import type { PartySession } from '../session';

const wayOf = (one: ServiceOn): ServiceKey => one.way === 'paper' ? `served_${one.delivery ?? 'handed'}` : `served_${one.way ?? 'electronic'}`;

export function Receipt({ session, document }: { session: PartySession; document: CaseDocument }) {
  const [busy, setBusy] = useState(false);
  const own = document.services?.find((one) => one.party_id === session.value.partyId);
  if (!own) return null;
  const run = async (act: () => Promise<void>, done?: string) => {
    setBusy(true);
    try {
      await act();
      if (done) toast(done, 'ok');
    } catch (error) {
      toast(errorText(error), 'bad', 7000);
    }
    setBusy(false);
  };
  if (own.state === 'served') {
    return <p class="note" data-testid="served" data-way={own.way}><Icon name="check" size="s" />{tv('servedAt', { what: tv(wayOf(own)), at: dayAndTime(own.served_at!) })}</p>;
  }
  if (own.state === 'on_paper') {
    return (
      <Banner tone="warn" icon="document" title={tv('paperTitle')} testid="on-paper">
        <p class="banner__words">{tv('paperText')}</p>
        <Button size="m" busy={busy} testid="agree-electronic" onClick={() => void run(() => session.consent('electronic_service', true))}>{tv('agree')}</Button>
      </Banner>
    );
  }
  return (
    <section class="receipt" data-testid="to-confirm">
      <h2>{tv('receivedAsk')}</h2>
      <p id="receipt-text">{own.opened_at ? tv('receivedText') : tv('openFirst')}</p>
      <Button kind="primary" size="l" block icon="check" busy={busy} disabled={!own.opened_at} describedBy="receipt-text" testid="received" onClick={() => void run(() => session.received(document), tv('thanks'))}>{tv('received')}</Button>
    </section>
  );
}
