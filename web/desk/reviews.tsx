// Reviews that parties asked for: the list with what runs out, and each step of one (arts. 71-79).
import { useEffect, useState } from 'preact/hooks';
import { dueText, isOver, leftText, toneOf } from '@shared/deadlines';
import { codeText, ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { PdfButton, saveFile } from '@shared/pdf';
import { api, seat } from '@shared/staff';
import { useStore } from '@shared/store';
import { dayAndTime, dayInWords } from '@shared/time';
import type { Case, CaseSummary, Deadline, Review } from '@shared/types';
import { Button, Dialog, Pill } from '@shared/ui';
import { ConcludeForm } from './review_conclusion';
import { tr, type ReviewKey } from './review_messages';
import type { Room } from './room';
import { SuitForm } from './review_suit';

const NEXT_LIMIT: Partial<Record<Review['state'], string>> = { asked: 'REVIEW_FORWARD', forwarded: 'REVIEW_CONCLUSION', concluded: 'REVIEW_SERVICE' };
const limitOf = (file: Case, review: Review): Deadline | null =>
  file.deadlines.find((one) => one.code === NEXT_LIMIT[review.state] && !isOver(one)) ?? null;

/** In the queue of officers and supervisors, the most urgent first. */
export function Reviews({ room }: { room: Room }) {
  const { reviewNews } = useStore(room);
  const [files, setFiles] = useState<Case[]>([]);
  const [open, setOpen] = useState<string | null>(null);
  const mine = seat.value?.user.role !== 'intake_operator';
  useEffect(() => {
    if (!mine) return;
    void api.reviews().then((all) => Promise.all(all.map((one) => api.getCase(one.case_id)))).then(setFiles, () => undefined);
  }, [mine, reviewNews]);
  if (!mine || (files.length === 0 && !open)) return null;
  const due = (file: Case) => (file.review && limitOf(file, file.review)?.due_on) ?? '9999';
  const sorted = [...files].sort((one, two) => due(one).localeCompare(due(two)));
  return (
    <>
      <h2>{tr('title')} · <span class="num" data-testid="review-count">{files.length}</span></h2>
      {sorted.map((file) => file.review && <ReviewCard key={file.id} file={file} review={file.review} onOpen={() => setOpen(file.id)} />)}
      {open && <ReviewDialog room={room} id={open} onClose={() => setOpen(null)} />}
    </>
  );
}

/** Cases that a review, or a supervisor, has opened again: whoever takes one goes on from all that it has. */
export function Reopened({ room }: { room: Room }) {
  const { reviewNews, queue } = useStore(room);
  const [cases, setCases] = useState<CaseSummary[]>([]);
  useEffect(() => { void api.listCases({ state: 'reopened', limit: '50' }).then(({ items }) => setCases(items), () => undefined); }, [reviewNews, queue]);
  if (cases.length === 0) return null;
  return (
    <>
      <h2>{tr('reopened')} · <span class="num" data-testid="reopened-count">{cases.length}</span></h2>
      {cases.map((one) => (
        <div key={one.id} class="qcard" data-testid="reopened-item" data-case={one.id}>
          <b class="num">{one.number}</b><Pill tone="warn">{codeText('state', one.state)}</Pill>
          <small>{one.place.text}</small>
          <Button size="s" kind="primary" testid="take-reopened" onClick={() => void room.claim(one.id)}>{tr('takeReopened')}</Button>
        </div>
      ))}
    </>
  );
}

function ReviewCard({ file, review, onOpen }: { file: Case; review: Review; onOpen: () => void }) {
  const limit = limitOf(file, review);
  return (
    <button type="button" class="qcard" data-testid="review-item" data-case={file.id} onClick={onOpen}>
      <b class="num">{file.number}</b><Pill tone={limit ? toneOf(limit) : undefined}>{limit ? leftText(limit) : tr('noDue')}</Pill>
      <small>{tr(review.state)} · {tr('by', { label: partyMark(review.party_label) })}</small>
    </button>
  );
}

type Form = 'conclude' | 'suit' | null;

function ReviewDialog({ room, id, onClose }: { room: Room; id: string; onClose: () => void }) {
  const { reviewNews } = useStore(room);
  const [file, setFile] = useState<Case | null>(null);
  const [form, setForm] = useState<Form>(null);
  const [busy, setBusy] = useState(false);
  const load = () => api.getCase(id).then(setFile, () => undefined);
  useEffect(() => { void load(); }, [id, reviewNews]);
  const review = file?.review;
  if (!file || !review) return null;
  const supervisor = seat.value?.user.role === 'supervisor';
  const handles = supervisor || file.officer?.id === seat.value?.user.id;
  const step = async (act: () => Promise<unknown>, said: string) => {
    setBusy(true);
    if (await room.attempt(act, said)) setForm(null);
    setBusy(false);
    await load();
  };
  const state = review.state;
  return (
    <Dialog title={tr('of', { number: file.number })} wide testid="review-dialog" onClose={onClose} foot={<>
      <Button onClick={onClose}>{ts('close')}</Button>
      {handles && state !== 'served' && state !== 'withdrawn' && !review.suit && !form && <Button testid="review-suit" onClick={() => setForm('suit')}>{tr('suit')}</Button>}
      {handles && state === 'asked' && !form && <Button kind="primary" busy={busy} icon="document" testid="review-forward" onClick={() => void step(() => api.forwardReview(id, review.id), tr('forwarded2'))}>{tr('forward')}</Button>}
      {supervisor && state === 'forwarded' && !form && <Button kind="primary" testid="review-conclude" onClick={() => setForm('conclude')}>{tr('conclude')}</Button>}
      {handles && state === 'concluded' && !form && <Button kind="primary" busy={busy} icon="check" testid="review-serve" onClick={() => void step(() => api.serveReview(id, review.id), tr('servedNow'))}>{tr('serve')}</Button>}
    </>}>
      <ReviewFacts file={file} review={review} handles={handles} />
      {form === 'conclude' && <ConcludeForm busy={busy} onCancel={() => setForm(null)} onSend={(body) => void step(() => api.concludeReview(id, review.id, body), tr('concluded2'))} />}
      {form === 'suit' && <SuitForm busy={busy} onCancel={() => setForm(null)} onSend={(body) => void step(() => api.noteSuit(id, review.id, body), tr('suitNoted'))} />}
    </Dialog>
  );
}

function ReviewFacts({ file, review, handles }: { file: Case; review: Review; handles: boolean }) {
  const limit = limitOf(file, review);
  const rows: [ReviewKey, string | null][] = [['document', review.document_number], ['askedAt', dayAndTime(review.asked_at)], ['forwardedAt', dayAndTime(review.forwarded_at)], ['servedAt', dayAndTime(review.served_at)]];
  const said: [ReviewKey, string | undefined][] = [['request', review.request?.request], ['reasons', review.request?.reasons], ['evidence', review.request?.evidence]];
  const download = async () => saveFile(await api.reviewPacket(file.id, review.id), `${file.number}-review.zip`);
  return (
    <div class="rv" data-testid="review-facts" data-state={review.state}>
      <p class="rv__state"><Pill tone={review.state === 'served' ? 'ok' : 'brand'} testid="review-state">{tr(review.state)}</Pill> {tr('by', { label: partyMark(review.party_label) })}
        {limit && <> · <Pill tone={toneOf(limit)}>{leftText(limit)}</Pill> {ts('limitUntil', { day: dueText(limit) })} <small>{limit.legal_basis}</small></>}</p>
      <dl class="rv__rows">{rows.map(([name, value]) => value && <div key={name}><dt>{tr(name)}</dt><dd class="num">{value}</dd></div>)}</dl>
      {said.map(([name, text]) => text && <section key={name}><h3>{tr(name)}</h3><p class="rv__words" lang="zh-CN">{text}</p></section>)}
      {review.state === 'asked' && handles && <p class="rv__note">{tr('forwardText')}</p>}
      {review.packet_sha256 && <p class="rv__packet">{handles && <Button size="s" icon="document" testid="review-packet" onClick={() => void download()}>{tr('packet')}</Button>}<small class="num">{tr('packetHash')} {review.packet_sha256}</small></p>}
      {review.suit && <p class="rv__note" data-testid="review-suit-noted">{tr('suitOf', { court: review.suit.court, day: dayInWords(review.suit.accepted_on), who: review.suit.told_by })}</p>}
      {review.conclusion && <Concluded file={file} review={review} />}
    </div>
  );
}

function Concluded({ file, review }: { file: Case; review: Review }) {
  const end = review.conclusion!;
  const papers: [ReviewKey, string | null][] = [['conclusion', end.document_id], ['correctionPaper', end.correction_document_id]];
  return (
    <section class="rv__end" data-testid="review-conclusion">
      <h3>{tr('conclusion')}：{tr(end.outcome)}</h3>
      <p>{end.unit} · {end.reviewers.map((one) => `${one.name} ${one.badge_number}`).join('、')}</p>
      {end.grounds.length > 0 && <p>{tr('grounds')}：{end.grounds.map((one) => tr(one)).join('、')}</p>}
      <p class="rv__words" lang="zh-CN">{end.findings}</p>
      {end.correction && <p class="rv__words" lang="zh-CN"><b>{tr('correction')}</b>：{end.correction}</p>}
      <p class="rv__packet">{papers.map(([name, id]) => {
        const document = file.documents.find((one) => one.id === id);
        return document && <span key={name}>{tr(name)} <span class="num">{document.number}</span> <PdfButton api={api} caseId={file.id} document={document} size="s" /></span>;
      })}</p>
    </section>
  );
}
