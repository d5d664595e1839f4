// A court has accepted a suit while a review runs (art. 75(2)).
import { useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import { Button, TextField } from '@shared/ui';
import { tr } from './review_messages';

export function SuitForm({ busy, onSend, onCancel }: { busy: boolean; onSend: (body: { court: string; accepted_on: string }) => void; onCancel: () => void }) {
  const [court, setCourt] = useState('');
  const [day, setDay] = useState('');
  return (
    <section class="rv__form" data-testid="suit-form">
      <h3>{tr('suit')}</h3>
      <p class="rv__note">{tr('suitText')}</p>
      <TextField label={tr('court')} value={court} onValue={setCourt} testid="suit-court" />
      <TextField label={tr('acceptedOn')} type="date" value={day} onValue={setDay} testid="suit-day" />
      <p class="rv__buttons"><Button disabled={busy} onClick={onCancel}>{ts('cancel')}</Button><Button kind="primary" busy={busy} disabled={!court.trim() || !day} testid="suit-send" onClick={() => onSend({ court: court.trim(), accepted_on: day })}>{ts('confirm')}</Button></p>
    </section>
  );
}
