// Who looked at the evidence, when and what for: beside the case, newest first.
import { useEffect, useState } from 'preact/hooks';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { Look } from '@shared/types';
import { messages, ta, type AuditKey } from './audit_messages';

const word = (key: string, otherwise: string) => (key in messages.zh ? ta(key as AuditKey) : otherwise);

function who(look: Look): string {
  if (look.label) return ta('party', { label: partyMark(look.label) });
  if (look.kind !== 'user') return word(look.kind, look.kind);
  return [word(`r_${look.role}`, look.role ?? ''), look.name, look.badge_number].filter(Boolean).join(' ');
}

export function Looks({ id }: { id: string }) {
  const [looks, setLooks] = useState<Look[]>([]);
  useEffect(() => { void api.accesses(id).then((list) => setLooks(list.items), () => undefined); }, [id]);
  return (
    <>
      <h2>{ta('lookedAll')}</h2>
      {looks.length === 0 && <p class="side__none">{ta('lookedNone')}</p>}
      <ul class="looks" data-testid="looks">{looks.slice(0, 50).map((look, i) => (
        <li key={i} data-what={look.what}>
          <span class="num">{dayAndTime(look.at)}</span> {who(look)}
          <small>{word(`w_${look.what.split('.')[0]}`, look.what)}{look.purpose && look.what !== 'access.stated' && ` · ${word(look.purpose, look.purpose)}`}
            {look.what === 'access.stated' && look.purpose && `: ${word(look.purpose, look.purpose)}`}{look.note && ` · ${look.note}`}</small>
        </li>
      ))}</ul>
    </>
  );
}
