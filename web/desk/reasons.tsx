// The reasons, each with what it rests on: a still, a moment of a recording, the word of a party.
import { useEffect, useState } from 'preact/hooks';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import { position, sinceMs } from '@shared/time';
import type { Case, Reason, Recording } from '@shared/types';
import { Button, TextArea } from '@shared/ui';
import type { Draft } from './draft';
import { useKey } from './keys';
import { t } from './messages';
import type { Room } from './room';

type Evidence = Reason['evidence'][number];
const STEP_MS = 5000;

/** The moment a live track is at; a page's clock may be off, so never before its beginning. */
export function momentOf(track: Recording, now = Date.now()): number {
  return Math.round(track.status === 'live' ? sinceMs(track.started_at, now) : track.duration_ms);
}

/** Earlier or later, within what the recording has. */
export function moved(evidence: Evidence, byMs: number): Evidence {
  return { ...evidence, at_ms: Math.max(0, (evidence.at_ms ?? 0) + byMs) };
}

export function Reasons({ room, draft, file, locked }: { room: Room; draft: Draft; file: Case; locked: boolean }) {
  const { body } = useStore(draft);
  const [tracks, setTracks] = useState<Recording[]>([]);
  const load = async () => {
    const items = (await api.recordings(file.id).catch(() => null))?.items;
    if (items) setTracks(items);
    return items ?? tracks;
  };
  useEffect(() => { void load(); }, [file.id, file.version]);
  const add = () => draft.edit({ reasons: [...body.reasons, { text: '', evidence: [] }] });
  useKey('ground', locked ? null : add);
  return (
    <>
      <h3>{t('reasons')}</h3>
      {body.reasons.map((reason, index) => <ReasonRow key={index} room={room} draft={draft} file={file} reason={reason} index={index} tracks={tracks} load={load} locked={locked} />)}
      {!locked && <Button size="s" kbd="Alt R" testid="add-reason" onClick={add}>{t('addReason')}</Button>}
    </>
  );
}

function ReasonRow({ room, draft, file, reason, index, tracks, load, locked }: {
  room: Room; draft: Draft; file: Case; reason: Reason; index: number; tracks: Recording[]; load: () => Promise<Recording[]>; locked: boolean;
}) {
  const put = (next: Reason | null) => {
    const { reasons } = draft.value.body;
    draft.edit({ reasons: next ? reasons.map((one, at) => (at === index ? next : one)) : reasons.filter((_, at) => at !== index) });
  };
  const has = (kind: Evidence['kind'], id: string) => reason.evidence.some((one) => one.kind === kind && one.id === id);
  const toggle = (one: Evidence) => put({ ...reason, evidence: has(one.kind, one.id) ? reason.evidence.filter((other) => other.kind !== one.kind || other.id !== one.id) : [...reason.evidence, one] });
  const change = (at: number, next: Evidence | null) => put({ ...reason, evidence: next ? reason.evidence.map((one, n) => (n === at ? next : one)) : reason.evidence.filter((_, n) => n !== at) });
  const addMoment = async () => {
    const all = (await load()).filter((one) => one.party_id);
    const track = all.find((one) => one.status === 'live' && one.party_id === room.partyInView) ?? all.find((one) => one.status === 'live') ?? all.at(-1);
    if (track) put({ ...reason, evidence: [...reason.evidence, { kind: 'recording', id: track.id, at_ms: momentOf(track) }] });
  };
  return (
    <div class="reason">
      <TextArea label={`${t('reasonText')} ${index + 1}`} rows={2} value={reason.text} onValue={(text) => put({ ...reason, text })} testid={`reason-${index}`} />
      <div class="reason__links">
        {file.stills.map((still, at) => (
          <Button key={still.id} size="s" pressed={has('still', still.id)} testid={`reason-${index}-still-${at}`} onClick={() => toggle({ kind: 'still', id: still.id, at_ms: still.media_time_ms ?? null })}>
            {t('linkStill', { n: at + 1 })}{still.media_time_ms ? <span class="num"> {position(still.media_time_ms)}</span> : null}
          </Button>
        ))}
        {file.parties.map((party) => (
          <Button key={party.id} size="s" pressed={has('statement', party.id)} testid={`reason-${index}-statement-${party.label}`} onClick={() => toggle({ kind: 'statement', id: party.id, at_ms: null })}>
            {t('linkStatement', { label: partyMark(party.label) })}
          </Button>
        ))}
        {!locked && tracks.some((one) => one.party_id) && <Button size="s" icon="plus" testid={`reason-${index}-moment`} onClick={() => void addMoment()}>{t('linkMoment')}</Button>}
        <Button size="s" kind="quiet" label={t('removeReason')} onClick={() => put(null)}>×</Button>
      </div>
      {reason.evidence.map((one, at) => one.kind === 'recording' && (
        <div key={at} class="reason__moment" data-testid={`reason-${index}-recording`}>
          <span>{t('momentOf', { who: partyMark(tracks.find((track) => track.id === one.id)?.label) })} <b class="num">{position(one.at_ms ?? 0)}</b></span>
          {!locked && <>
            <Button size="s" label={`−5 s · ${t('earlier')}`} testid={`reason-${index}-earlier`} onClick={() => change(at, moved(one, -STEP_MS))}>−5 s</Button>
            <Button size="s" label={`+5 s · ${t('later')}`} onClick={() => change(at, moved(one, STEP_MS))}>+5 s</Button>
            <Button size="s" kind="quiet" label={t('removeMoment')} onClick={() => change(at, null)}>×</Button>
          </>}
        </div>
      ))}
    </div>
  );
}
