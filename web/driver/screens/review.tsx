// The review by the next higher unit (arts. 71-79): asking for it, and how far it is.
import { useRef, useState } from 'preact/hooks';
import { errorText, newKey } from '@shared/api';
import { dueText, isOver } from '@shared/deadlines';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { PdfButton } from '@shared/pdf';
import { dayAndTime } from '@shared/time';
import type { Case, CaseDocument, Deadline, Review } from '@shared/types';
import { Banner, Button, Dialog, Icon, Pill, TextArea, toast } from '@shared/ui';
import { tr, type ReviewKey } from '../review_messages';
import type { PartySession } from '../session';
import { Receipt } from './receipt';

interface Props { session: PartySession; of: Case }

/** The button below the limit that it is for. */
export function AskReview({ session, of, limit }: Props & { limit: Deadline }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="l" block icon="document" testid="ask-review" onClick={() => setAsking(true)}>{tr('ask')}</Button>
      {asking && <AskDialog session={session} of={of} limit={limit} onClose={() => setAsking(false)} />}
    </>
  );
}

type Words = { request: string; reasons: string; evidence: string };
const FIELDS: (keyof Words)[] = ['request', 'reasons', 'evidence'];

function AskDialog({ session, of, limit, onClose }: Props & { limit: Deadline; onClose: () => void }) {
  const [words, setWords] = useState<Words>({ request: '', reasons: '', evidence: '' });
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const number = of.documents.filter((one) => one.kind === 'determination').at(-1)?.number ?? '';
  const send = async () => {
    setTried(true);
    if (FIELDS.some((name) => !words[name].trim())) return;
    setBusy(true);
    try {
      await session.askReview(words, key.current);
      toast(tr('sent'), 'ok');
      onClose();
    } catch (error) {
      toast(errorText(error), 'bad', 8000);
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={tr('askTitle')} onClose={busy ? () => undefined : onClose} testid="review-dialog" foot={<>
      <Button size="l" testid="review-cancel" disabled={busy} onClick={onClose}>{ts('cancel')}</Button>
      <Button kind="primary" size="l" busy={busy} testid="review-send" onClick={() => void send()}>{busy ? tr('sending') : tr('send')}</Button></>}>
      <p>{tr('askLead', { basis: limit.legal_basis })}</p>
      <p class="review__until"><b>{tr('until', { day: dueText(limit) })}</b><span class="num">{tr('number', { number })}</span></p>
      {FIELDS.map((name) => (
        <TextArea key={name} label={tr(name)} hint={tr(`${name}Hint`)} value={words[name]} rows={name === 'reasons' ? 5 : 3} maxLength={4000} testid={`review-${name}`}
          onValue={(value) => setWords((before) => ({ ...before, [name]: value }))} error={tried && !words[name].trim() ? tr('needed') : null} />
      ))}
    </Dialog>
  );
}

/** How far it is, who asked, and what it came to. */
export function ReviewState({ session, of, review }: Props & { review: Review }) {
  const [leaving, setLeaving] = useState(false);
  const mine = review.party_id === session.value.partyId;
  const running = review.state === 'asked' || review.state === 'forwarded';
  return (
    <section class="review" aria-labelledby="review-title" data-testid="review-state" data-state={review.state}>
      <header><h2 id="review-title">{tr('title')}</h2><Pill tone={running ? 'warn' : 'ok'}>{tr(review.state)}</Pill></header>
      <Steps of={of} review={review} />
      {review.conclusion && <Conclusion session={session} of={of} review={review} />}
      {review.suit && <p>{tr('suit', { court: review.suit.court })}</p>}
      {review.request && <Written review={review} />}
      {mine && running && <Button kind="quiet" size="m" testid="withdraw-review" onClick={() => setLeaving(true)}>{tr('withdraw')}</Button>}
      <small>{tr('onceOnly')}</small>
      {leaving && <WithdrawDialog session={session} review={review} onClose={() => setLeaving(false)} />}
    </section>
  );
}

function Steps({ of, review }: { of: Case; review: Review }) {
  const limit = (code: string) => of.deadlines.find((one) => one.code === code && !isOver(one));
  const latest = (code: string) => { const one = limit(code); return one ? tr('waiting', { day: dueText(one) }) : ''; };
  const concluded = review.conclusion?.concluded_at ?? null;
  const steps: { key: ReviewKey; at: string | null; due: string; also?: string }[] = [
    { key: 'asked', at: review.asked_at, due: '', ...(review.party_label ? { also: tr('askedBy', { label: partyMark(review.party_label) }) } : {}) },
    ...(review.withdrawn_at ? [{ key: 'withdrawn' as const, at: review.withdrawn_at, due: '' }] : [
      { key: 'forwarded' as const, at: review.forwarded_at, due: '' },
      { key: 'concluded' as const, at: concluded, due: latest('REVIEW_CONCLUSION') },
      { key: 'served' as const, at: review.served_at, due: latest('REVIEW_SERVICE') },
    ]),
  ];
  return (
    <ol class="review__steps">
      {steps.map((step) => (
        <li key={step.key} class={step.at ? 'done' : ''}>
          <span class="review__mark" aria-hidden="true">{step.at && <Icon name="check" size="s" />}</span>
          <span>{tr(step.key)}{step.also && <small>{step.also}</small>}</span>
          <span class="num">{step.at ? dayAndTime(step.at) : step.due}</span>
        </li>
      ))}
    </ol>
  );
}

function Conclusion({ session, of, review }: Props & { review: Review }) {
  const end = review.conclusion!;
  const paper = (id: string | null) => of.documents.find((one) => one.id === id) ?? null;
  const papers = [[paper(end.document_id), 'read'], [paper(end.correction_document_id), 'readCorrection']] as [CaseDocument | null, ReviewKey][];
  return (
    <div class="review__end" data-testid="review-conclusion">
      <Banner tone={end.outcome === 'anew' ? 'warn' : 'brand'} icon="document" title={tr(end.outcome)}>{end.outcome === 'anew' ? tr('anewText') : null}</Banner>
      <dl class="facts">
        <div><dt>{tr('by')}</dt><dd>{end.unit}</dd></div>
        <div><dt>{tr('reviewers')}</dt><dd>{end.reviewers.map((one) => `${one.name} ${one.badge_number}`).join('、')}</dd></div>
        {end.grounds.length > 0 && <div><dt>{tr('grounds')}</dt><dd>{end.grounds.map((one) => tr(one)).join('、')}</dd></div>}
      </dl>
      <p class="review__words"><b>{tr('findings')}</b>{end.findings}</p>
      {end.correction && <p class="review__words"><b>{tr('correction')}</b>{end.correction}</p>}
      {papers.map(([document, name]) => document && (
        <div key={document.id} class="review__served">
          <p class="review__paper">{tr(name)} <span class="num">{document.number}</span><PdfButton api={session.api} caseId={of.id} document={document} /></p>
          <Receipt session={session} document={document} />
        </div>
      ))}
    </div>
  );
}

function Written({ review }: { review: Review }) {
  return (
    <details class="review__written">
      <summary>{tr('whatYouWrote')}</summary>
      {FIELDS.map((name) => <p key={name} class="review__words"><b>{tr(name)}</b>{review.request![name]}</p>)}
    </details>
  );
}

function WithdrawDialog({ session, review, onClose }: { session: PartySession; review: Review; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await session.withdrawReview(review);
      onClose();
    } catch (error) {
      toast(errorText(error), 'bad');
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={tr('withdrawTitle')} onClose={onClose} testid="withdraw-dialog" foot={<>
      <Button size="l" testid="withdraw-no" disabled={busy} onClick={onClose}>{tr('withdrawNo')}</Button>
      <Button kind="danger" size="l" busy={busy} testid="withdraw-yes" onClick={() => void leave()}>{tr('withdrawYes')}</Button></>}>
      <p>{tr('withdrawText')}</p>
    </Dialog>
  );
}
