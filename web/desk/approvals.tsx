// The second pair of eyes, on both sides: what the officer's draft still needs, and the drafts that wait for a supervisor.
import { useEffect, useState } from 'preact/hooks';
import { Diagram } from '@shared/diagrams';
import { pick, pickField } from '@shared/i18n';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api, seat } from '@shared/staff';
import { useStore } from '@shared/store';
import { timeOfDay } from '@shared/time';
import type { Approval, Case, Codes } from '@shared/types';
import { Banner, Button, Dialog, Icon } from '@shared/ui';
import { t } from './messages';
import type { Room } from './room';

/** Asked anew whenever the draft was saved or somebody decided; null: not known. */
export function useApproval(room: Room, file: Case, saved: string): Approval | null {
  const { approvalNews } = useStore(room);
  const [approval, setApproval] = useState<Approval | null>(null);
  useEffect(() => {
    if (saved === 'saving') return undefined;
    let gone = false;
    void api.approval(file.id).then((one) => { if (!gone) setApproval(one); }, () => undefined);
    return () => { gone = true; };
  }, [file.id, file.version, saved, approvalNews]);
  return approval;
}

const why = (approval: Approval) => approval.grounds.map((one) => pickField(one, 'title')).join(t('splitAnd'));

/** In the officer's foot: what is needed, and the button that asks for it. */
export function ApprovalNote({ room, approval, ask }: { room: Room; approval: Approval | null; ask: () => Promise<boolean> }) {
  if (!approval?.needed) return null;
  const request = async () => { if (await ask()) await room.attempt(() => api.requestApproval(approval.case_id), t('approvalAsked')); };
  if (approval.approved_at) return <p class="foot__approval foot__approval--ok" role="status" data-testid="approval" data-state="approved"><Icon name="check" size="s" />{t('approvalGiven', { who: approval.approved_by?.name ?? '', at: timeOfDay(approval.approved_at) })}</p>;
  return (
    <p class="foot__approval" role="status" data-testid="approval" data-state={approval.requested_at ? 'requested' : 'needed'}>
      <Icon name="warning" size="s" />{approval.requested_at ? t('approvalWaiting', { why: why(approval), at: timeOfDay(approval.requested_at) }) : t('approvalNeeded', { why: why(approval) })}
      {!approval.requested_at && <Button size="s" testid="ask-approval" onClick={() => void request()}>{t('askApproval')}</Button>}
    </p>
  );
}

/** In a supervisor's queue: drafts that wait. */
export function Approvals({ room }: { room: Room }) {
  const { approvalNews } = useStore(room);
  const [waiting, setWaiting] = useState<Approval[]>([]);
  const [open, setOpen] = useState<string | null>(null);
  const mine = seat.value?.user.role === 'supervisor';
  useEffect(() => { if (mine) void api.approvals().then(setWaiting, () => undefined); }, [mine, approvalNews]);
  if (!mine || (waiting.length === 0 && !open)) return null;
  return (
    <>
      <h2>{t('approvals')} · <span class="num" data-testid="approval-count">{waiting.length}</span></h2>
      {waiting.map((one) => (
        <button key={one.case_id} type="button" class="qcard" data-testid="approval-item" data-case={one.case_id} onClick={() => setOpen(one.case_id)}>
          <b class="num">{one.case_number}</b><small class="num">{timeOfDay(one.requested_at)}</small><small>{one.requested_by} · {why(one)}</small>
        </button>
      ))}
      {open && <Review room={room} id={open} onClose={() => setOpen(null)} />}
    </>
  );
}

/** The draft as it is now, to read; approving names its hash, so that nothing else is approved. */
function Review({ room, id, onClose }: { room: Room; id: string; onClose: () => void }) {
  const [seen, setSeen] = useState<{ file: Case; approval: Approval; codes: Codes } | null>(null);
  const { approvalNews } = useStore(room);
  // Its hash is asked before and after the draft: what is shown is what the hash names.
  const load = async () => {
    for (let tries = 0; tries < 3; tries += 1) {
      const before = await api.approval(id);
      const file = await api.getCase(id);
      const codes = await api.codes(file.rules_number);
      const after = await api.approval(id);
      if (before.draft_sha256 === after.draft_sha256) { setSeen({ file, approval: after, codes }); return; }
    }
  };
  useEffect(() => { void load().catch(() => undefined); }, [id, approvalNews]);
  const approve = async () => {
    const sha256 = seen?.approval.draft_sha256;
    if (!sha256) return;
    if (await room.attempt(() => api.approve(id, sha256), t('approved'))) onClose();
    else await load().catch(() => undefined);
  };
  const body = seen?.file.determination;
  return (
    <Dialog title={t('review', { number: seen?.approval.case_number ?? '' })} wide testid="review" onClose={onClose}
      foot={<><Button onClick={onClose}>{ts('close')}</Button><Button kind="primary" icon="check" testid="approve" disabled={!body || !!seen?.approval.approved_at} onClick={() => void approve()}>{t('approve')}</Button></>}>
      {seen && seen.approval.grounds.length > 0 && <Banner tone="warn" icon="warning">{why(seen.approval)}</Banner>}
      {seen && body && (
        <div class="review">
          {body.parties.map((one) => {
            const party = seen.file.parties.find((known) => known.id === one.party_id);
            const acts = seen.codes.scenarios.filter((scenario) => one.violations.includes(scenario.code));
            const liability = seen.codes.liability.find((code) => code.code === one.liability);
            return (
              <section key={one.party_id} class="liable">
                <header><b>{t('party', { label: partyMark(party?.label) })}</b> {party?.name} <span class="num">{one.plate_number}</span> · <b>{liability ? pick(liability) : ''}</b></header>
                {acts.map((act) => <div key={act.code} class="review__act"><Diagram code={act.code} title={pickField(act, 'title')} desc={pickField(act, 'summary')} /><p><b>{pickField(act, 'title')}</b><br /><small>{act.legal_basis}</small></p></div>)}
              </section>
            );
          })}
          <h3>{t('facts')}</h3><p lang="zh-CN">{body.facts}</p>
          <h3>{t('cause')}</h3><p lang="zh-CN">{body.cause}</p>
          <h3>{t('reasons')}</h3><ol lang="zh-CN">{body.reasons.map((reason, at) => <li key={at}>{reason.text}</li>)}</ol>
        </div>
      )}
    </Dialog>
  );
}
