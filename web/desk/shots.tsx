// The shot list of the case in hand: which still comes next, the strip below the picture, and clearing the road, which comes
// after it. The list itself is the service's (by the accident form); here it gets its words and pictures.
import { useState } from 'preact/hooks';
import { ApiError } from '@shared/api';
import { pick } from '@shared/i18n';
import { ts } from '@shared/messages';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import { timeWithSeconds } from '@shared/time';
import type { Case, Code, Codes, ShotItem, Still } from '@shared/types';
import { Button, Dialog, Icon } from '@shared/ui';
import { useKey } from './keys';
import { t } from './messages';
import type { Room } from './room';
import { tsh } from './shot_messages';

export interface Shot extends ShotItem { name: Code }

export function shotsOf(file: Pick<Case, 'shot_list'>, codes: Pick<Codes, 'shots'>): Shot[] {
  return file.shot_list.items.flatMap((item) => {
    const name = codes.shots.find((one) => one.code === item.code);
    return name ? [{ ...item, name }] : [];
  });
}

export const missingOf = (shots: Shot[]) => shots.filter((one) => one.required && !one.taken);

/** What the next still is of: what the officer chose, else the first required one that is missing, else any that is. */
export function nextShot(shots: Shot[], chosen: string | null): Shot | null {
  return shots.find((one) => one.code === chosen) ?? missingOf(shots)[0] ?? shots.find((one) => !one.taken) ?? null;
}

/** The neighbour of the item that is next, round the end. */
export function stepShot(shots: Shot[], chosen: string | null, by: 1 | -1): string | null {
  if (shots.length === 0) return null;
  const at = shots.findIndex((one) => one.code === nextShot(shots, chosen)?.code);
  return shots[(Math.max(0, at) + by + shots.length) % shots.length]!.code;
}

export async function freeze(room: Room, shot?: string): Promise<void> {
  const { current, codes } = room.value;
  if (!current || !codes) return;
  const party = room.partyInView ?? current.parties.find((one) => one.is_reporter)?.id ?? current.parties[0]!.id;
  const wanted = shot ?? nextShot(shotsOf(current, codes), room.value.shot)?.code;
  const named = codes.shots.find((one) => one.code === wanted);
  // What is on the screen is frozen: of a driver without a live picture, the still that is shown.
  const leg = room.value.participants.find((one) => one.party_id === party);
  const shown = leg?.mode === 'voice' ? room.stillShown ?? undefined : undefined;
  const done = await room.attempt(() => api.snapshot(current.id, party, wanted, shown), t('frozen', { shot: named ? pick(named) : '' }));
  if (done && room.value.shot === wanted) room.patch({ shot: null });
}

/** Asks for a reason first where shots are missing; the service holds to the list of a form that has been named, and here
 * what every form needs is asked for before that. */
export async function clearRoad(room: Room): Promise<void> {
  const { current, codes } = room.value;
  if (!current || !codes || current.evacuated_at) return;
  if (current.shot_list.gate && missingOf(shotsOf(current, codes)).length > 0) { room.patch({ clearing: true }); return; }
  await tell(room, current.id);
}

async function tell(room: Room, id: string, reason?: string): Promise<void> {
  let missing = false; // more than this window knew: another one has named the form meanwhile
  const told = await room.attempt(() => api.evacuate(id, reason).catch((error: unknown) => {
    missing = error instanceof ApiError && error.problem.code === 'shots-missing';
    if (missing) return null;
    throw error;
  }));
  if (missing) await room.reload();
  if (told || missing) room.patch({ clearing: missing });
}

export function Shots({ room, file }: { room: Room; file: Case }) {
  const { codes, shot: chosen } = useStore(room);
  const [large, setLarge] = useState<Still | null>(null);
  const shots = codes ? shotsOf(file, codes) : [];
  const next = nextShot(shots, chosen);
  const missing = missingOf(shots).length;
  useKey('shot', shots.length ? (at) => room.patch({ shot: stepShot(shots, chosen, at === 0 ? -1 : 1) }) : null);
  if (!codes) return null;
  return (
    <div class="shots" role="group" aria-label={`${t('shots')}${missing ? ` · ${tsh('missingTag', { n: missing })}` : ''}`}>
      {shots.map((shot, index) => {
        const still = [...file.stills].reverse().find((one) => one.shot === shot.code);
        const on = next?.code === shot.code;
        return (
          <button key={shot.code} type="button" class={`shot ${still ? 'shot--have' : ''} ${on ? 'shot--next' : ''} ${shot.required && !shot.taken ? 'shot--must' : ''}`}
            ref={(element) => { if (on && chosen) element?.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }}
            aria-current={on} data-shot={shot.code} data-testid={still ? 'still' : `shot-${shot.code}`} onClick={() => (still ? setLarge(still) : void freeze(room, shot.code))}>
            {still && <img src={still.url} alt="" width={still.width} height={still.height} />}
            <span>{index + 1} {pick(shot.name)} {still ? <Icon name="check" size="s" /> : null}</span>
            {on ? <small>{t('shotNext')}</small> : shot.required && !shot.taken ? <small>{tsh('required')}</small> : null}
          </button>
        );
      })}
      {large && (
        <Dialog wide title={`${t('still')} · ${timeWithSeconds(large.taken_at)} · ${large.width}×${large.height}`} onClose={() => setLarge(null)}>
          <img class="shots__large" src={large.url} alt={large.shot ?? ''} /><p class="num shots__sha">SHA-256 {large.sha256}</p>
        </Dialog>
      )}
    </div>
  );
}

/** Over the desk while shots are missing: take them here and now, or say why it can't wait. */
export function ClearRoad({ room, file }: { room: Room; file: Case }) {
  const { codes, clearing, call } = useStore(room);
  const reasons = codes?.shot_reasons ?? [];
  const open = clearing && !file.evacuated_at;
  const close = () => room.patch({ clearing: false });
  const missing = codes ? missingOf(shotsOf(file, codes)) : [];
  useKey('reason', open && missing.length > 0 ? (at) => { const reason = reasons[at]; if (reason) void tell(room, file.id, reason.code); } : null);
  useKey('again', open && missing.length === 0 ? () => void tell(room, file.id) : null);
  if (!open) return null;
  return (
    <Dialog title={tsh('missing')} testid="clear-road" onClose={close} foot={<>
      <Button onClick={close}>{ts('cancel')}</Button>
      {missing.length === 0 && <Button kind="ok" icon="evacuate" kbd="E" testid="clear-now" onClick={() => void tell(room, file.id)}>{tsh('clear')}</Button>}</>}>
      {missing.length === 0 ? <p>{tsh('whole')}</p> : <>
        <p>{tsh('missingLead')}</p>
        <ul class="clear__shots">
          {missing.map((one, at) => <li key={one.code}><b>{pick(one.name)}</b>{call && <Button size="s" icon="photo" autofocus={at === 0} testid={`clear-freeze-${one.code}`} onClick={() => void freeze(room, one.code)}>{tsh('freeze', { shot: pick(one.name) })}</Button>}</li>)}
        </ul>
        <h3>{tsh('anyway')}</h3>
        <p>{tsh('anywayLead')}</p>
        <div class="clear__reasons">
          {reasons.map((reason, at) => <Button key={reason.code} kbd={String(at + 1)} testid={`clear-${reason.code}`} onClick={() => void tell(room, file.id, reason.code)}>{pick(reason)}</Button>)}
        </div></>}
    </Dialog>
  );
}
