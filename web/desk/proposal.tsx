// The usual split, offered above the parties: one key takes it over, and takes it back. Nothing changes by itself.
import { useEffect, useState } from 'preact/hooks';
import { pick } from '@shared/i18n';
import { partyMark } from '@shared/party';
import { useStore } from '@shared/store';
import type { Case, Codes, Liability } from '@shared/types';
import { Button } from '@shared/ui';
import type { Draft } from './draft';
import { t } from './messages';
import { sameSplit, splitOf, usualSplit } from './split';

type Chosen = Record<string, Liability | null>;

export function Proposal({ draft, file, codes }: { draft: Draft; file: Case; codes: Codes }) {
  const { body } = useStore(draft);
  const [taken, setTaken] = useState<{ before: Chosen; after: Chosen } | null>(null);
  const now = splitOf(body.parties);
  const usual = usualSplit(body.parties, codes.scenarios);
  const open = usual !== null && !sameSplit(usual, now);
  const undo = taken !== null && sameSplit(taken.after, now);
  const put = (to: Chosen) => draft.edit({ parties: draft.value.body.parties.map((one) => ({ ...one, liability: one.party_id in to ? to[one.party_id]! : one.liability })) });
  const takeOver = () => { if (usual) { setTaken({ before: now, after: usual }); put(usual); } };
  const takeBack = () => { if (taken) { put(taken.before); setTaken(null); } };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.key.toLowerCase() !== 'u' || (!open && !undo)) return;
      event.preventDefault();
      if (open) takeOver(); else takeBack();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  if (!open && !undo) return null;
  const words = usual && file.parties.filter((party) => usual[party.id]).map((party) => {
    const liability = codes.liability.find((one) => one.code === usual[party.id]);
    return t('splitOf', { who: t('party', { label: partyMark(party.label) }), what: liability ? pick(liability) : usual[party.id]! });
  }).join(t('splitAnd'));
  return (
    <div class="proposal" role="status" data-testid="proposal">
      <p>{open ? t('proposed', { split: words ?? '' }) : t('proposalTaken')} <small>{t('proposalNote')}</small></p>
      {open ? <Button size="s" kind="primary" kbd="Alt U" testid="take-split" onClick={takeOver}>{t('takeSplit')}</Button>
        : <Button size="s" kbd="Alt U" testid="undo-split" onClick={takeBack}>{t('undoSplit')}</Button>}
    </div>
  );
}
