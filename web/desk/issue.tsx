// The foot of the file: what is still missing, what contradicts itself, and the button that issues.
import { useState } from 'preact/hooks';
import { said } from '@shared/i18n';
import { ts } from '@shared/messages';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import type { Case } from '@shared/types';
import { Button, Dialog, Icon } from '@shared/ui';
import { ApprovalNote, useApproval } from './approvals';
import type { Draft } from './draft';
import { useKey } from './keys';
import { t } from './messages';
import type { Room } from './room';
import { tabOf, type TabName } from './tabs';

export function IssueFoot({ room, file, draft, onIssued, onGo }: { room: Room; file: Case; draft: Draft; onIssued: () => void; onGo: (tab: TabName) => void }) {
  const { saved, missing, errors, failure } = useStore(draft);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [unfolded, setUnfolded] = useState(false);
  const approval = useApproval(room, file, saved);
  const unapproved = !!approval?.needed && !approval.approved_at;
  /** Saved, and nothing is missing. */
  const whole = async () => {
    if (!(await draft.save())) return false;
    if (draft.value.missing.length) setUnfolded(true);
    return draft.value.missing.length === 0;
  };
  const ask = async () => {
    if (await whole()) setAsking(true);
  };
  const issue = async () => {
    setAsking(false);
    setBusy(true);
    const done = await room.attempt(() => api.issueDetermination(file.id), t('issued'));
    setBusy(false);
    if (done) onIssued();
  };
  useKey('next', file.stills.length > 0 && !unapproved ? () => void ask() : null);
  const problems = errors.length ? errors : missing;
  return (
    <footer class="foot">
      {problems.length > 0 && (
        <details class={`foot__checks ${errors.length ? 'foot__checks--bad' : ''}`} open={errors.length > 0 || unfolded} data-testid="checks">
          <summary onClick={(event) => { event.preventDefault(); setUnfolded(!unfolded); }}><Icon name="warning" size="s" />{t(errors.length ? 'contradictions' : 'checks')} · <span class="num">{problems.length}</span></summary>
          <ul>{problems.map((one) => <li key={one.pointer + one.message}><button type="button" class="foot__go" data-testid="check" onClick={() => onGo(tabOf(one.pointer))}>{said(one.message)}</button></li>)}</ul>
        </details>
      )}
      {failure && <p class="foot__failure" role="alert">{failure}</p>}
      <ApprovalNote room={room} approval={approval} ask={whole} />
      <div class="foot__row">
        <span class="foot__saved" data-testid="draft-saved" data-state={saved} role="status">
          {saved === 'saving' ? t('draftSaving') : saved === 'saved' ? (missing.length ? t('draftSaved') : t('allGood')) : ''}
        </span>
        <Button kind="primary" size="m" icon="document" kbd="Ctrl ⏎" busy={busy} testid="issue" disabled={file.stills.length === 0 || unapproved} onClick={() => void ask()}>{t('issue')}</Button>
      </div>
      {asking && (
        <Dialog title={t('issue')} onClose={() => setAsking(false)}
          foot={<><Button onClick={() => setAsking(false)}>{ts('cancel')}</Button><Button kind="primary" testid="confirm-issue" autofocus onClick={() => void issue()}>{ts('confirm')}</Button></>}>
          {t('issueAsk')}
        </Dialog>
      )}
    </footer>
  );
}
