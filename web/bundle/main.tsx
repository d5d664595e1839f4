// verify.html of an exported bundle: one file that checks the bundle on this device, without a network. A page that was opened from the
// disk may not read the files beside it, so they are chosen or dropped; the manifest is in the page already.
import { render } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import '@shared/base.css';
import './bundle.css';
import { applyLang, lang, useLang } from '@shared/i18n';
import { Banner, Button, Icon, LangSwitch, Progress, TextArea } from '@shared/ui';
import { CHECKS, check, NoBundle, type Verdict } from './check';
import { parseLogKey, parsePublic } from './crypto';
import { filesOfDrop, filesOfFolder, filesOfZip, type Files } from './files';
import { parseManifest, type Manifest } from './manifest';
import { messages, t } from './messages';
import { Documents, Events, Facts, Messages, Pictures, Recordings } from './show';

type Step = { at: 'start' } | { at: 'checking'; done: number; all: number } | { at: 'failed'; why: string } | { at: 'done'; verdict: Verdict; files: Files; given: boolean };

function embedded(): Manifest | null {
  const text = document.getElementById('bundle')?.textContent ?? '';
  try { return text ? parseManifest((JSON.parse(text) as { manifest: string }).manifest) : null; } catch { return null; }
}

/** The other language, beside the one that is chosen: a verdict is read by whoever has the paper. */
function both(key: keyof typeof messages.zh, params: Record<string, string | number> = {}): string {
  const other = lang.value === 'en' ? messages.zh : messages.en;
  return other[key].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

function VerdictView({ verdict, given }: { verdict: Verdict; given: boolean }) {
  const right = verdict.wrong === 0, title = right ? 'right' : 'wrong', params = { n: verdict.wrong };
  return (
    <section class="verdict" aria-live="polite">
      <Banner tone={right ? 'ok' : 'bad'} icon={right ? 'check' : 'warning'} urgent testid="verdict" title={<>{t(title, params)} <small>{both(title, params)}</small></>}>
        {given ? t('givenKey') : t('ownKey', { id: verdict.keyId })}
        {verdict.head && <> {t('log')}: <span class="num">{t('logSize', { origin: verdict.head.origin, size: verdict.head.size })}</span></>}
      </Banner>
      <div class="card">
        <h2>{t('checks')}</h2>
        <ul class="checks">{CHECKS.filter((name) => verdict.findings[name].lookedAt > 0 || verdict.findings[name].wrong.length > 0).map((name) => {
          const { wrong, lookedAt } = verdict.findings[name], key = `c_${name}` as const;
          return (
            <li key={name} data-testid={`check-${name}`} data-right={wrong.length === 0}>
              <span class={wrong.length === 0 ? 'ok' : 'bad'}><Icon name={wrong.length === 0 ? 'check' : 'warning'} size="s" title={t(wrong.length === 0 ? 'right' : 'wrong', { n: wrong.length })} /></span>
              <span><b>{t(key)}</b> <small class="muted">{both(key)} · {t('looked', { n: lookedAt })}</small>
                {wrong.length > 0 && <ul class="bad">{wrong.map((one, i) => <li key={i}>{lang.value === 'en' ? one.en : one.zh}</li>)}</ul>}
              </span>
            </li>
          );
        })}</ul>
      </div>
    </section>
  );
}

function Page() {
  useLang();
  const manifest = useMemo(embedded, []);
  const [step, setStep] = useState<Step>({ at: 'start' });
  const [over, setOver] = useState(false);
  const [trusted, setTrusted] = useState('');
  const zip = useRef<HTMLInputElement>(null), folder = useRef<HTMLInputElement>(null);
  const given = parsePublic(trusted) !== null || parseLogKey(trusted) !== null;
  const run = async (open: () => Promise<Files> | Files) => {
    setStep({ at: 'checking', done: 0, all: 0 });
    try {
      const files = await open();
      const verdict = await check(files, given ? trusted : '', (done, all) => setStep({ at: 'checking', done, all }));
      setStep({ at: 'done', verdict, files, given });
    } catch (error) {
      setStep({ at: 'failed', why: error instanceof NoBundle ? t('noBundle') : t('noZip', { why: error instanceof Error ? error.message : String(error) }) });
    }
  };
  const shown = step.at === 'done' ? step.verdict.manifest : manifest, files = step.at === 'done' ? step.files : null;
  return (
    <main class="bundle">
      <header class="bundle__top"><h1>{t('title')}</h1><LangSwitch /></header>
      {shown?.demo && <p class="demo">{t('demo')}</p>}
      <p class="muted noprint">{t('lead')}</p>
      <div class={`drop noprint${over ? ' drop--over' : ''}`} data-testid="drop" onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); const items = event.dataTransfer?.items; if (items) void run(() => filesOfDrop(items)); }}>
        <p>{t('drop')}</p>
        <p class="row">
          <Button kind="primary" size="l" testid="pick-zip" onClick={() => zip.current?.click()}>{t('pickZip')}</Button>
          <Button size="l" testid="pick-folder" onClick={() => folder.current?.click()}>{t('pickFolder')}</Button>
          {step.at === 'done' && <Button size="l" onClick={() => window.print()}>{t('print')}</Button>}
        </p>
        <input ref={zip} type="file" accept=".zip,application/zip" class="visually-hidden" tabIndex={-1} aria-label={t('pickZip')} data-testid="zip-input"
          onChange={(event) => { const file = event.currentTarget.files?.[0]; if (file) void run(() => filesOfZip(file)); event.currentTarget.value = ''; }} />
        <input ref={folder} type="file" class="visually-hidden" tabIndex={-1} aria-label={t('pickFolder')} data-testid="folder-input" {...{ webkitdirectory: true }}
          onChange={(event) => { const list = [...event.currentTarget.files ?? []]; if (list.length > 0) void run(() => filesOfFolder(list)); event.currentTarget.value = ''; }} />
        <details><summary>{t('trusted')}</summary>
          <TextArea label={t('trusted')} value={trusted} onValue={setTrusted} hint={t('trustedHint')} error={trusted.trim() !== '' && !given ? t('trustedBad') : null} testid="trusted" />
        </details>
      </div>
      {step.at === 'checking' && <Progress share={step.all > 0 ? step.done / step.all : 0} label={t('checking', { done: step.done, all: step.all })} />}
      {step.at === 'failed' && <Banner tone="bad" icon="warning" urgent testid="failed">{step.why}</Banner>}
      {step.at === 'done' ? <VerdictView verdict={step.verdict} given={step.given} /> : shown && <Banner tone="warn" icon="warning" testid="not-yet">{t('notYet')}</Banner>}
      {shown && <><Facts manifest={shown} /><Recordings manifest={shown} files={files} /><Messages manifest={shown} /><Documents manifest={shown} files={files} /><Pictures manifest={shown} files={files} /></>}
      {step.at === 'done' && <Events entries={step.verdict.entries} manifest={step.verdict.manifest} />}
    </main>
  );
}

applyLang();
render(<Page />, document.getElementById('app')!);
