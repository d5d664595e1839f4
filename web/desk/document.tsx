// The issued text, the signatures as they arrive, and the end of the case.
import { useEffect, useState } from 'preact/hooks';
import { newKey } from '@shared/api';
import { pick } from '@shared/i18n';
import { codeText, ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { PdfButton } from '@shared/pdf';
import { api } from '@shared/staff';
import { timeWithSeconds } from '@shared/time';
import type { Case, CaseDocument, Codes, Decision, Party, Refusal } from '@shared/types';
import { Banner, Button, Dialog, Empty, Pill, Segmented, Select, TextArea } from '@shared/ui';
import { MediationEnd, type Closing } from './mediation';
import { useKey } from './keys';
import { t } from './messages';
import { PauseBanner } from './pauses';
import { tr } from './review_messages';
import type { Room } from './room';
import { ServiceRow, unservedText } from './service';

/** The newest document that stands: what was proposed and withdrawn does not, nor what another one has replaced; the papers
 * of a review are beside it. */
export function standingDocument(file: Case): CaseDocument | null {
  return file.documents.filter((one) => (one.kind === 'determination' || one.kind === 'agreement') && !one.revoked_at && one.proposal?.status !== 'withdrawn').at(-1) ?? null;
}

export function DocumentTab({ room, file, codes }: { room: Room; file: Case; codes: Codes }) {
  const document = standingDocument(file);
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    if (document) void api.documentText(file.id, document.id).then((read) => setText(read.text), () => undefined);
  }, [document?.id]);
  const closing = (file.state === 'served' || file.state === 'on_scene') && <CloseCase room={room} file={file} codes={codes} />;
  const closed = file.state === 'closed' && <Banner tone="ok" icon="check" testid="closed">{t('closed')}</Banner>;
  if (!document) return closing || closed || <Empty icon="document">{t('notIssued')}</Empty>;
  return (
    <>
      <PauseBanner room={room} file={file} documentId={document.id} />
      <h3>{t(document.kind === 'agreement' ? 'agreementNumber' : 'document', { number: document.number })}</h3>
      {file.parties.map((party) => <SignatureRow key={party.id} room={room} file={file} document={document} party={party} />)}
      {closing}
      {closed}
      {document.pdf_sha256 && <PdfButton api={api} caseId={file.id} document={document} size="s" />}
      <OtherPapers room={room} file={file} document={document} />
      <pre class="paper" data-testid="document-text">{text}</pre>
      <p class="num paper__sha">SHA-256 {document.sha256}</p>
    </>
  );
}

/** Everything that was stays readable. */
function OtherPapers({ room, file, document }: { room: Room; file: Case; document: CaseDocument }) {
  const others = file.documents.filter((one) => one.id !== document.id);
  const name = (one: CaseDocument) => one.kind === 'correction' ? tr('correctionPaper') : one.kind === 'review_conclusion' ? tr('conclusion') : tr('old');
  if (others.length === 0) return null;
  return (
    <ul class="papers" data-testid="other-papers">
      {others.map((one) => (
        <li key={one.id}><span>{name(one)} <span class="num">{one.number}</span>{one.revoked_at && <small>{tr('revoked', { number: file.documents.find((by) => by.id === one.replaced_by)?.number ?? '' })}</small>}</span>
          <PdfButton api={api} caseId={file.id} document={one} size="s" />
          {(one.services ?? []).map((service) => <ServiceRow key={service.party_id} room={room} file={file} document={one} one={service} named />)}</li>
      ))}
    </ul>
  );
}

function SignatureRow({ room, file, document, party }: { room: Room; file: Case; document: CaseDocument; party: Party }) {
  const [recording, setRecording] = useState(false);
  const [statement, setStatement] = useState('');
  const [refusal, setRefusal] = useState<Refusal>('signature');
  const signature = document.signatures.find((one) => one.party_id === party.id);
  const service = document.services?.find((one) => one.party_id === party.id);
  const refuse = () => {
    setRecording(false);
    void room.attempt(() => api.sign(file.id, document.id, { decision: 'refused', document_sha256: document.sha256, party_id: party.id, statement, refusal }, newKey()));
  };
  return (
    <div class="signature" data-testid={`signature-${party.label}`}>
      <b>{t('party', { label: partyMark(party.label) })} {party.name}</b>
      {signature
        ? <Pill tone={signature.decision === 'signed' ? 'ok' : 'warn'} icon={signature.decision === 'signed' ? 'check' : 'warning'}>{t('signedAt', { what: signature.refusal === 'receipt' ? t('refusedReceipt') : codeText('decision', signature.decision), t: timeWithSeconds(signature.signed_at) })}</Pill>
        : <Pill tone="warn">{t('pendingSign', { label: partyMark(party.label) })}</Pill>}
      {signature?.signature_object_id && <img src={`/api/v1/cases/${file.id}/objects/${signature.signature_object_id}`} alt={codeText('decision', signature.decision)} />}
      {signature?.statement && <q>{signature.statement}</q>}
      {!signature && <Button size="s" testid={`record-refusal-${party.label}`} onClick={() => setRecording(true)}>{t('recordRefusal')}</Button>}
      {service && (signature || service.state === 'served') && <ServiceRow room={room} file={file} document={document} one={service} />}
      {recording && (
        <Dialog title={t('recordRefusal')} onClose={() => setRecording(false)}
          foot={<><Button onClick={() => setRecording(false)}>{ts('cancel')}</Button><Button kind="alarm" testid="confirm-refusal" disabled={!statement.trim()} onClick={refuse}>{ts('confirm')}</Button></>}>
          <Segmented label={t('refusalWhat')} value={refusal} testid="refusal-what" choices={[{ value: 'signature', text: t('refusedSignature') }, { value: 'receipt', text: t('refusedReceipt') }]} onValue={(value) => setRefusal(value as Refusal)} />
          <TextArea label={t('recordRefusalAsk', { label: partyMark(party.label) })} value={statement} onValue={setStatement} testid="refusal-statement" />
        </Dialog>
      )}
    </div>
  );
}

/** Signed by all closes as mediated only if there was mediation; the usual proposal follows from what the parties did. How
 * it ended on the scene is what the patrol says: nothing is proposed. */
function proposal(file: Case, codes: Codes): string {
  const document = standingDocument(file);
  if (file.state === 'on_scene' || !document) return '';
  if (document.proposal?.status === 'agreed') return codes.closing_code.find((one) => one.class === 'mediated')?.code ?? '';
  const decided = (decision: Decision) => document.signatures.some((one) => one.decision === decision);
  const outcome = decided('objected') ? 'objected' : decided('refused') ? 'refused' : file.determination?.mediation === 'agreed' ? 'mediated' : 'not_mediated';
  return codes.closing_code.find((one) => one.class === outcome)?.code ?? '';
}

function CloseCase({ room, file, codes }: { room: Room; file: Case; codes: Codes }) {
  const [closing, setClosing] = useState<Closing>(() => ({ code: proposal(file, codes), method: '', result: file.determination?.mediation_result ?? '' }));
  const change = (part: Partial<Closing>) => setClosing((before) => ({ ...before, ...part }));
  // Of what the parties settled themselves their agreement says both the way and the result.
  const settled = standingDocument(file)?.proposal?.status === 'agreed';
  const mediated = !settled && codes.closing_code.find((one) => one.code === closing.code)?.class === 'mediated';
  const whole = closing.code && (!mediated || (closing.method && closing.result.trim()));
  const body = { closing_code: closing.code, ...(mediated ? { mediation_method: closing.method, mediation_result: closing.result.trim() } : {}) };
  const standing = standingDocument(file);
  const open = standing && file.state === 'served' ? unservedText(standing) : null;
  const close = () => void room.attempt(() => api.closeCase(file.id, body), t('closed'));
  useKey('next', whole ? close : null);
  return (
    <>
      {open && <Banner tone="warn" icon="document" testid="unserved">{open}</Banner>}
      <div class="closing">
        <Select label={t(file.state === 'on_scene' ? 'closingScene' : 'closingCode')} value={closing.code} empty={t('choose')} choices={codes.closing_code.map((one) => ({ value: one.code, text: `${one.code} ${pick(one)}` }))} onValue={(code) => change({ code })} testid="closing-code" />
        {mediated && <MediationEnd file={file} codes={codes} closing={closing} onChange={change} />}
        <Button kind="primary" icon="check" kbd="Ctrl ⏎" testid="close-case" disabled={!whole} onClick={close}>{t('closeCase')}</Button>
      </div>
    </>
  );
}
