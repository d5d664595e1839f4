// The issued text, the signatures as they arrive, and the end of the case.
import { useEffect, useState } from 'preact/hooks';
import { newKey } from '@shared/api';
import { pick } from '@shared/i18n';
import { codeText, ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { PdfButton } from '@shared/pdf';
import { api } from '@shared/staff';
import { timeWithSeconds } from '@shared/time';
import type { Case, CaseDocument, Codes, Decision, Party } from '@shared/types';
import { Banner, Button, Dialog, Empty, Pill, Select, TextArea } from '@shared/ui';
import { t } from './messages';
import type { Room } from './room';

/** The newest document that stands: what was proposed and withdrawn does not. */
export function standingDocument(file: Case): CaseDocument | null {
  return file.documents.filter((one) => one.proposal?.status !== 'withdrawn').at(-1) ?? null;
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
      <h3>{t(document.kind === 'agreement' ? 'agreementNumber' : 'document', { number: document.number })}</h3>
      {file.parties.map((party) => <SignatureRow key={party.id} room={room} file={file} document={document} party={party} />)}
      {closing}
      {closed}
      {document.pdf_sha256 && <PdfButton api={api} caseId={file.id} document={document} size="s" />}
      <pre class="paper" data-testid="document-text">{text}</pre>
      <p class="num paper__sha">SHA-256 {document.sha256}</p>
    </>
  );
}

function SignatureRow({ room, file, document, party }: { room: Room; file: Case; document: CaseDocument; party: Party }) {
  const [recording, setRecording] = useState(false);
  const [statement, setStatement] = useState('');
  const signature = document.signatures.find((one) => one.party_id === party.id);
  const refuse = () => {
    setRecording(false);
    void room.attempt(() => api.sign(file.id, document.id, { decision: 'refused', document_sha256: document.sha256, party_id: party.id, statement }, newKey()));
  };
  return (
    <div class="signature" data-testid={`signature-${party.label}`}>
      <b>{t('party', { label: partyMark(party.label) })} {party.name}</b>
      {signature
        ? <Pill tone={signature.decision === 'signed' ? 'ok' : 'warn'} icon={signature.decision === 'signed' ? 'check' : 'warning'}>{t('signedAt', { what: codeText('decision', signature.decision), t: timeWithSeconds(signature.signed_at) })}</Pill>
        : <Pill tone="warn">{t('pendingSign', { label: partyMark(party.label) })}</Pill>}
      {signature?.signature_object_id && <img src={`/api/v1/cases/${file.id}/objects/${signature.signature_object_id}`} alt={codeText('decision', signature.decision)} />}
      {signature?.statement && <q>{signature.statement}</q>}
      {!signature && <Button size="s" testid={`record-refusal-${party.label}`} onClick={() => setRecording(true)}>{t('recordRefusal')}</Button>}
      {recording && (
        <Dialog title={t('recordRefusal')} onClose={() => setRecording(false)}
          foot={<><Button onClick={() => setRecording(false)}>{ts('cancel')}</Button><Button kind="alarm" testid="confirm-refusal" disabled={!statement.trim()} onClick={refuse}>{ts('confirm')}</Button></>}>
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
  const outcome = decided('objected') ? 'objected' : decided('refused') ? 'refused' : 'not_mediated';
  return codes.closing_code.find((one) => one.class === outcome)?.code ?? '';
}

function CloseCase({ room, file, codes }: { room: Room; file: Case; codes: Codes }) {
  const [code, setCode] = useState(() => proposal(file, codes));
  return (
    <div class="closing">
      <Select label={t(file.state === 'on_scene' ? 'closingScene' : 'closingCode')} value={code} empty={t('choose')} choices={codes.closing_code.map((one) => ({ value: one.code, text: `${one.code} ${pick(one)}` }))} onValue={setCode} testid="closing-code" />
      <Button kind="primary" icon="check" testid="close-case" disabled={!code} onClick={() => void room.attempt(() => api.closeCase(file.id, code), t('closed'))}>{t('closeCase')}</Button>
    </div>
  );
}
