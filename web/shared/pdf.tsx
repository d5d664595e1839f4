// An issued document as PDF. It is fetched and saved by the page: the token of a link goes in a header, so that an address
// alone would not open it.
import { useState } from 'preact/hooks';
import { errorText, type Api } from './api';
import { ts } from './messages';
import type { CaseDocument } from './types';
import { Button, toast } from './ui';

/** Hands a file to the browser under a name. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = window.document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

interface Props { api: Api; caseId: string; document: CaseDocument; size?: 's' | 'm' | 'l' }

/** Nothing for a document that was issued without one. */
export function PdfButton({ api, caseId, document, size = 'm' }: Props) {
  const [busy, setBusy] = useState(false);
  if (!document.pdf_sha256) return null;
  const save = async () => {
    setBusy(true);
    try {
      saveFile(await api.documentPdf(caseId, document.id), `${document.number}.pdf`);
    } catch (error) {
      toast(errorText(error), 'bad');
    } finally {
      setBusy(false);
    }
  };
  return <Button size={size} icon="document" busy={busy} testid="save-pdf" onClick={() => void save()}>{ts('savePdf')}</Button>;
}
