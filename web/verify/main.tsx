// Checking a document without an account: by the code on the paper, or by the file, whose digest is computed here.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import '@shared/base.css';
import './verify.css';
import { Api, ApiError, errorText } from '@shared/api';
import { applyLang, pick, useLang } from '@shared/i18n';
import { dayAndTime } from '@shared/time';
import type { Config } from '@shared/types';
import { Banner, Button, Icon, LangSwitch, Spinner, type Tone } from '@shared/ui';
import { t } from './messages';

const api = new Api();
const MAX_BYTES = 20 * 1024 * 1024;

type Status = 'in_force' | 'proposed' | 'withdrawn' | 'corrected' | 'revoked';
interface Verified {
  number: string; kind: 'determination' | 'agreement' | 'review_conclusion' | 'correction'; matched: 'text' | 'original' | 'copy'; status: Status; issued_at: string;
  copied_at: string | null; revoked_at: string | null; replaced_by: string | null; withdrawn_at: string | null; corrected_at: string | null; corrected_by: string | null;
}
type Outcome = { sha: string; found: Verified } | { sha: string; unknown: true } | { failed: string };

const TONES: Record<Status, Tone> = { in_force: 'ok', proposed: 'warn', withdrawn: 'bad', corrected: 'ok', revoked: 'bad' };
const inAddress = () => /^[0-9a-f]{64}$/i.exec(new URLSearchParams(location.hash.slice(1)).get('sha256') ?? '')?.[0] ?? null;

async function look(sha: string): Promise<Outcome> {
  try {
    return { sha, found: await api.get<Verified>(`/api/v1/verification?sha256=${sha}`, { retries: 1 }) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { sha, unknown: true };
    return { failed: error instanceof ApiError && error.status === 429 ? t('slow') : errorText(error) };
  }
}

async function digestOf(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function Found({ sha, found }: { sha: string; found: Verified }) {
  const more = found.status === 'revoked' ? t('revokedMore', { day: dayAndTime(found.revoked_at), number: found.replaced_by ?? '' })
    : found.status === 'corrected' ? t('correctedMore', { day: dayAndTime(found.corrected_at), number: found.corrected_by ?? '' })
      : found.status === 'withdrawn' ? t('withdrawnMore', { day: dayAndTime(found.withdrawn_at) }) : null;
  return (
    <section class="verify__found" data-testid="found">
      <Banner tone={TONES[found.status]} icon={TONES[found.status] === 'ok' ? 'check' : 'warning'} title={t(found.status)} testid="status" urgent>{more}</Banner>
      <dl class="verify__facts">
        <dt>{t('kind')}</dt><dd>{t(found.kind)}</dd>
        <dt>{t('number')}</dt><dd class="num" data-testid="number">{found.number}</dd>
        <dt>{t('issued')}</dt><dd class="num">{dayAndTime(found.issued_at)}</dd>
        <dt>{t('what')}</dt><dd data-testid="matched">{t(found.matched, { day: dayAndTime(found.copied_at) })}</dd>
        <dt>{t('sha')}</dt><dd class="verify__sha">{sha}</dd>
      </dl>
      {found.matched === 'text' && <p class="verify__note">{t('textOnly')}</p>}
    </section>
  );
}

function Verify() {
  useLang();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [config, setConfig] = useState<Config | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const run = async (work: () => Promise<Outcome>) => {
    setBusy(true);
    setOutcome(await work());
    setBusy(false);
  };
  const take = (file: File | undefined) => {
    if (!file) return;
    if (!crypto.subtle) { setOutcome({ failed: t('noCrypto') }); return; }
    if (file.size > MAX_BYTES || !/pdf$/i.test(file.type || file.name)) { setOutcome({ failed: t('notPdf') }); return; }
    void run(async () => look(await digestOf(file)));
  };
  useEffect(() => {
    const byCode = () => { const sha = inAddress(); if (sha) void run(() => look(sha.toLowerCase())); };
    api.config().then(setConfig, () => undefined);
    byCode();
    window.addEventListener('hashchange', byCode);
    return () => window.removeEventListener('hashchange', byCode);
  }, []);
  return (
    <main class="verify">
      <header class="verify__top"><span>{pick(config?.centre_name)}</span><LangSwitch /></header>
      <h1>{t('title')}</h1>
      <p class="verify__lead">{t('lead')}</p>
      <div aria-live="polite" class="verify__outcome">
        {busy && <Spinner label={t('checking')} />}
        {!busy && outcome && 'found' in outcome && <Found {...outcome} />}
        {!busy && outcome && 'unknown' in outcome && (
          <Banner tone="warn" icon="warning" title={t('unknown')} testid="unknown">{t('unknownMore')}<br /><span class="verify__sha">{outcome.sha}</span></Banner>
        )}
        {!busy && outcome && 'failed' in outcome && <Banner tone="bad" icon="warning" testid="failed">{outcome.failed}</Banner>}
      </div>
      <div class={`verify__drop${over ? ' verify__drop--over' : ''}`} data-testid="drop"
        onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer?.files[0]); }}>
        <Icon name="document" size="l" />
        <p>{t('drop')}<br />{t('or')}</p>
        <Button kind="primary" size="l" testid="pick" onClick={() => input.current?.click()}>{t('pick')}</Button>
        <input ref={input} type="file" accept="application/pdf,.pdf" class="visually-hidden" tabIndex={-1} aria-label={t('pick')} data-testid="file-input"
          onChange={(event) => { take(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
        <p class="verify__note">{t('local')}</p>
      </div>
    </main>
  );
}

applyLang();
render(<Verify />, document.getElementById('app')!);
