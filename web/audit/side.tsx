// The file beside the replay: what it rests on, what happened, the pictures, documents and tracks, and who looked.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { tm } from '@shared/chat_messages';
import { codeText } from '@shared/messages';
import { partyMark } from '@shared/party';
import { guestWord } from '@shared/people';
import { api } from '@shared/staff';
import { bytesText, position, timeWithSeconds } from '@shared/time';
import type { Case } from '@shared/types';
import { Button, Dialog } from '@shared/ui';
import { Findings } from './findings';
import { groundsOf } from './grounds';
import { Looks } from './looks';
import type { Mark } from './marks';
import { t } from './messages';
import type { Lane } from './player';
import type { Opened } from './replay';
import { tr } from './replay_messages';

export function Side({ opened, marks, lanes, originMs, onSeek, seal, nowUs }: {
  opened: Opened; marks: Mark[]; lanes: Lane[]; originMs: number; onSeek: (ms: number) => void; seal: ComponentChildren; nowUs: () => number | null;
}) {
  const { file, recordings } = opened;
  const grounds = groundsOf(file.determination, lanes, file.stills, originMs);
  return (
    <aside class="side" aria-label={tr('side')}>
      {seal}
      {grounds.length > 0 && <h2>{t('reasons')}</h2>}
      {grounds.length > 0 && <ul class="side__list" data-testid="grounds">{grounds.map((one) => <Jump key={one.key} atMs={one.atMs} text={one.text} testid="ground" onSeek={onSeek} />)}</ul>}
      <h2>{t('timeline')}</h2>
      <ul class="side__list" data-testid="marks">{marks.filter((mark) => mark.kind !== 'message').map((mark) => <Jump key={mark.key} atMs={mark.atMs} text={mark.text} testid="jump" onSeek={onSeek} />)}</ul>
      <Messages marks={marks} onSeek={onSeek} />
      <h2>{t('stills')}</h2>
      <div class="side__stills">{file.stills.map((still) => (
        <button key={still.id} type="button" data-testid="audit-still" onClick={() => onSeek(marks.find((mark) => mark.stillId === still.id)?.atMs ?? 0)}>
          <img src={still.url} alt={`${still.shot ?? ''} ${timeWithSeconds(still.taken_at)}`} loading="lazy" width={still.width} height={still.height} />
        </button>
      ))}</div>
      {file.documents.length > 0 && <h2>{t('documents')}</h2>}
      {file.documents.map((document) => <DocumentCard key={document.id} file={file} id={document.id} />)}
      <h2>{t('tracks')}</h2>
      <ul class="side__list">{recordings.map((one) => (
        <li key={one.id}>
          <span>{one.party_id ? t('party', { label: partyMark(one.label ?? '') }) : one.guest_kind ? `${guestWord(one.guest_kind)} ${one.name ?? ''}` : t('officer')}</span>
          <span>{t(one.status)} · <span class="num">{position(one.duration_ms)}</span> · {bytesText(one.bytes)}
            {one.sha256 && <small class="num side__sha" title={one.sha256}>{t('sha')} {one.sha256.slice(0, 16)}…</small>}</span>
        </li>
      ))}</ul>
      <Findings id={file.id} onJump={(us) => onSeek(us / 1000 - originMs)} nowUs={nowUs} />
      <Looks id={file.id} />
    </aside>
  );
}

/** What was written in the call, by time; each leads to its moment. */
export function Messages({ marks, onSeek }: { marks: Mark[]; onSeek: (ms: number) => void }) {
  const messages = marks.filter((mark) => mark.kind === 'message');
  if (messages.length === 0) return null;
  return (
    <>
      <h2>{tm('title')}</h2>
      <ul class="side__list" data-testid="side-messages">{messages.map((mark) => <Jump key={mark.key} atMs={mark.atMs} text={mark.text} testid="jump-message" onSeek={onSeek} />)}</ul>
    </>
  );
}

function Jump({ atMs, text, onSeek, testid }: { atMs: number | null; text: string; onSeek: (ms: number) => void; testid: string }) {
  return (
    <li>
      {atMs === null ? <span class="num side__none">—</span>
        : <button type="button" class="link num" data-testid={testid} aria-label={tr('jump', { at: position(atMs), what: text })} onClick={() => onSeek(atMs)}>{position(atMs)}</button>}
      <span>{text}</span>
    </li>
  );
}

function DocumentCard({ file, id }: { file: Case; id: string }) {
  const document = file.documents.find((one) => one.id === id)!;
  const [text, setText] = useState<string | null>(null);
  return (
    <div class="side__document">
      <b>{t('determination', { number: document.number })}</b>
      <Button size="s" icon="document" onClick={() => void api.documentText(file.id, id).then((read) => setText(read.text))}>{t('openDocument')}</Button>
      {document.signatures.map((one) => (
        <div key={one.party_id} class="side__signature" data-testid="audit-signature">
          <span>{t('party', { label: partyMark(one.label) })} {codeText('decision', one.decision)} <span class="num">{timeWithSeconds(one.signed_at)}</span></span>
          {one.statement && <q>{one.statement}</q>}
          {one.signature_object_id && <img src={`/api/v1/cases/${file.id}/objects/${one.signature_object_id}`} alt={codeText('decision', one.decision)} />}
        </div>
      ))}
      {text !== null && <Dialog wide title={document.number} onClose={() => setText(null)}><pre class="side__text">{text}</pre></Dialog>}
    </div>
  );
}
