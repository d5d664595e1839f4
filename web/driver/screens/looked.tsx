// Who looked at the evidence of this case: post and badge number, when and what for. One line a person, day and purpose.
import { useEffect, useState } from 'preact/hooks';
import { dayAndTime } from '@shared/time';
import type { Look } from '@shared/types';
import { te, evidenceMessages, type EvidenceKey } from '../evidence_messages';
import type { PartySession } from '../session';

const word = (key: string) => (key in evidenceMessages.zh ? te(key as EvidenceKey) : te('r_other'));

interface Line { key: string; look: Look; times: number }

function linesOf(looks: Look[]): Line[] {
  const lines = new Map<string, Line>();
  for (const look of looks) {
    if (look.kind !== 'user' || look.what === 'access.stated') continue;
    const key = [look.at.slice(0, 10), look.role, look.badge_number, look.purpose].join(' ');
    const line = lines.get(key);
    if (line) line.times += 1;
    else lines.set(key, { key, look, times: 1 });
  }
  return [...lines.values()];
}

export function Looked({ session, id }: { session: PartySession; id: string }) {
  const [lines, setLines] = useState<Line[] | null>(null);
  useEffect(() => { void session.api.accesses(id).then((list) => setLines(linesOf(list.items)), () => undefined); }, [id]);
  if (!lines) return null;
  return (
    <section class="looked" data-testid="looked">
      <h3>{te('looked')}</h3>
      {lines.length === 0 ? <p class="note">{te('lookedNone')}</p> : <ul>{lines.map(({ key, look, times }) => (
        <li key={key} data-testid="looked-by" data-role={look.role ?? ''}>
          <b>{word(`r_${look.role}`)}</b>{look.badge_number && <span class="num"> {look.badge_number}</span>} · {look.purpose ? word(`p_${look.purpose}`) : te('p_handling')}
          <br /><span class="num">{dayAndTime(look.at)}</span>{times > 1 && <span> · {te('times', { n: times })}</span>}
        </li>
      ))}</ul>}
    </section>
  );
}
