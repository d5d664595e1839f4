// What a proposal changes, and the decision: why, and from when on.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { Banner, Button, Dialog, Pill, Spinner, TextArea, TextField, toast } from '@shared/ui';
import { t } from './messages';
import { enact, preview, type Proposal, type RulesChange, type RulesPreview, type RulesVersion } from './rules_api';

const TONES = { added: 'ok', removed: 'bad', changed: 'brand' } as const;

function Changes({ changes }: { changes: RulesChange[] }) {
  return (
    <table class="results changes">
      <caption class="visually-hidden">{t('changes')}</caption>
      <thead><tr><th scope="col">{t('entry')}</th><th scope="col">{t('before')}</th><th scope="col">{t('after')}</th></tr></thead>
      <tbody>{changes.map((one, index) => (
        <tr key={index} data-testid="change">
          <th scope="row"><Pill tone={TONES[one.kind]}>{t(one.kind)}</Pill> <span class="changes__file">{one.file}</span><br />{one.entry}</th>
          <td><code>{one.before}</code></td>
          <td><code>{one.after}</code></td>
        </tr>
      ))}</tbody>
    </table>
  );
}

export function Enact(props: { title: string; proposal: Proposal; newest: number; onClose: () => void; onDone: (version: RulesVersion) => void }) {
  useLang();
  const [shown, setShown] = useState<RulesPreview | null>(null);
  const [reason, setReason] = useState('');
  const [day, setDay] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => { preview(props.proposal).then(setShown, setFailure); }, []);
  const field = (pointer: string) => (failure instanceof ApiError ? failure.field(pointer) : null);
  const go = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { version } = await enact({ ...props.proposal, reason: reason.trim(), valid_from: day || null }, props.newest);
      toast(t('enacted', { n: version.number }), 'ok');
      props.onDone(version);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const sound = shown !== null && shown.problems.length === 0 && shown.changes.length > 0;
  const stale = failure instanceof ApiError && failure.status === 412;
  return (
    <Dialog title={props.title} wide testid="enact" onClose={props.onClose} foot={<>
      <Button onClick={props.onClose}>{t('close')}</Button>
      <Button kind="primary" icon="check" busy={busy} disabled={!sound || !reason.trim()} testid="enact-go" onClick={() => void go()}>{t('enact')}</Button></>}>
      {!shown && !failure && <Spinner label={t('loading')} />}
      {shown?.problems.map((one) => (
        <Banner key={one.reason} tone="bad" icon="warning">{t('problem', { file: one.file ?? '', reason: one.line !== null ? t('problemAt', { line: one.line, column: one.column ?? 1, reason: one.reason }) : one.reason })}</Banner>
      ))}
      {shown && shown.changes.length === 0 && <p>{t(shown.problems.length > 0 ? 'cantRead' : 'noChanges')}</p>}
      {shown && shown.changes.length > 0 && <div class="changes__box" tabIndex={0} role="region" aria-label={t('changes')}><Changes changes={shown.changes} /></div>}
      {sound && (
        <>
          <Banner icon="info" testid="open-cases">{t('openCases', { n: shown.open_cases })}</Banner>
          <TextArea label={t('reason')} hint={t('reasonHint')} value={reason} onValue={setReason} maxLength={1000} rows={2} error={field('/reason')} testid="enact-reason" />
          <TextField label={t('validFrom')} hint={t('validFromHint')} type="date" value={day} onValue={setDay} error={field('/valid_from')} testid="enact-day" />
        </>
      )}
      {stale && <Banner tone="warn" icon="warning" urgent title={t('staleTitle')}>{t('stale')}</Banner>}
      {failure !== null && !stale && <Banner tone="bad" icon="warning" urgent testid="enact-error">{errorText(failure)}</Banner>}
    </Dialog>
  );
}
