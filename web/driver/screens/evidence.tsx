// The pictures of the case that this party may look at and keep (Order 146, art. 65), for as long as its link lives.
import { useEffect, useState } from 'preact/hooks';
import { BundleButton } from '@shared/bundle';
import { pick } from '@shared/i18n';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { dayAndTime } from '@shared/time';
import type { Case, Code, Still } from '@shared/types';
import { Button, Dialog, LinkButton } from '@shared/ui';
import { te } from '../evidence_messages';
import type { PartySession } from '../session';

interface Props { session: PartySession; of: Case }

const nameOf = (still: Still, shots: Code[]) => {
  const shot = shots.find((one) => one.code === still.shot);
  return shot ? pick(shot) : te('picture');
};

export function Evidence({ session, of, onClose }: Props & { onClose: () => void }) {
  const [shots, setShots] = useState<Code[]>([]);
  useEffect(() => { void session.api.codes(of.rules_number).then((codes) => setShots(codes.shots), () => undefined); }, [session]);
  return (
    <Dialog sheet title={te('title')} onClose={onClose} testid="evidence-dialog" foot={<Button size="l" block testid="evidence-close" onClick={onClose}>{ts('close')}</Button>}>
      <p>{te('lead')}</p>
      {of.stills.length === 0 ? <p class="note">{te('none')}</p> : <ul class="evidence">{of.stills.map((still) => <Picture key={still.id} session={session} of={of} still={still} name={nameOf(still, shots)} />)}</ul>}
      <BundleButton api={session.api} caseId={of.id} excerpt size="l" />
      <p class="note">{te('bundle')}</p>
      <p class="note">{te('stamped')}</p>
    </Dialog>
  );
}

function Picture({ session, of, still, name }: Props & { still: Still; name: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    void session.api.objectUrl(still.url).then((found) => { made = found; setUrl(found); }, () => undefined);
    return () => { if (made) URL.revokeObjectURL(made); };
  }, [still.id]);
  const fileName = `${of.number}-${still.taken_at.slice(0, 19).replaceAll(':', '')}.${still.content_type.split('/')[1]}`;
  const label = of.parties.find((one) => one.id === still.party_id)?.label;
  return (
    <li data-testid="evidence-picture">
      {url ? <img src={url} width={still.width} height={still.height} alt={name} /> : <span class="evidence__wait" aria-hidden="true" />}
      <p><b>{name}</b>{label && <span> · {te('by', { label: partyMark(label) })}</span>}<br /><span class="num">{dayAndTime(still.taken_at)}</span></p>
      {url && <LinkButton href={url} download={fileName} size="m" label={te('saveOf', { what: name })} testid="evidence-save">{te('save')}</LinkButton>}
    </li>
  );
}
