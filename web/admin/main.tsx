// The admin's page: rules, calendars and layouts of documents, tried out before they are in force.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '@shared/base.css';
import './admin.css';
import { errorText } from '@shared/api';
import { applyLang, useLang } from '@shared/i18n';
import { seat, SeatMenu, StaffGate } from '@shared/staff';
import { useStore } from '@shared/store';
import { day } from '@shared/time';
import { Banner, Button, Empty, Icon, Pill, Spinner, Toasts } from '@shared/ui';
import { calendarOf, editsOf, isChanged, nextYear, type Drafts } from './drafts';
import { Editor } from './editor';
import { Enact } from './enact';
import { History } from './history';
import { Log } from './log';
import { t as tLog } from './log_messages';
import { t } from './messages';
import { Retention } from './retention';
import { getRules, getText, preview, type FileKind, type Proposal, type Rules, type RulesProblem } from './rules_api';

// Sections that are no file; their names are in the address.
const HISTORY = 'history';
const LOG = 'log';
const RETENTION = 'retention';
const PLACES: readonly string[] = [HISTORY, RETENTION, LOG];
const CHECK_AFTER_MS = 500;
const inAddress = () => new URLSearchParams(location.hash.slice(1)).get('file') ?? PLACES.find((one) => location.hash === `#${one}`) ?? null;

/** What is wrong with what is written, as it is written; the newest answer counts. */
function useCheck(drafts: Drafts): { problem: RulesProblem | null; checking: boolean; changed: boolean } {
  const [problem, setProblem] = useState<RulesProblem | null>(null);
  const [checking, setChecking] = useState(false);
  const edits = editsOf(drafts);
  const key = JSON.stringify(edits);
  useEffect(() => {
    if (edits.length === 0) { setProblem(null); setChecking(false); return undefined; }
    const abort = new AbortController();
    setChecking(true);
    const timer = setTimeout(() => {
      preview({ files: edits }, abort.signal).then(
        (shown) => { if (!abort.signal.aborted) { setProblem(shown.problems[0] ?? null); setChecking(false); } },
        (failure) => { if (!abort.signal.aborted) { setProblem({ file: null, line: null, column: null, pointer: null, reason: errorText(failure) }); setChecking(false); } });
    }, CHECK_AFTER_MS);
    return () => { clearTimeout(timer); abort.abort(); };
  }, [key]);
  return { problem, checking, changed: edits.length > 0 };
}

function Files({ rules, drafts, open, problem, onOpen }: { rules: Rules; drafts: Drafts; open: string | null; problem: RulesProblem | null; onOpen: (name: string) => void }) {
  const fresh = Object.keys(drafts).filter((name) => drafts[name]!.was === null).map((name) => ({ name, kind: 'calendar' as FileKind, since: 0 }));
  const all = [...rules.files, ...fresh];
  const groups: [FileKind, Parameters<typeof t>[0]][] = [['rules', 'rules'], ['calendar', 'calendars'], ['template', 'templates'], ['image', 'images']];
  return (
    <nav class="files" aria-label={t('files')}>
      {groups.map(([kind, label]) => {
        const files = all.filter((one) => one.kind === kind);
        return files.length > 0 && (
          <section key={kind}>
            <h2>{t(label)}</h2>
            <ul>{files.map((one) => (
              <li key={one.name}>
                <button type="button" class="files__one" aria-current={one.name === open ? 'page' : undefined} data-testid="file" data-file={one.name} onClick={() => onOpen(one.name)}>
                  <span class="files__name">{one.name.replace(/^(calendars|templates)\//, '')}</span>
                  {problem?.file === one.name ? <Icon name="warning" size="s" /> : isChanged(drafts[one.name]) ? <Pill tone="brand">{t('changedHere')}</Pill>
                    : <span class="files__since">{one.since > 0 && t('since', { n: one.since })}</span>}
                </button>
              </li>
            ))}</ul>
          </section>
        );
      })}
      <button type="button" class="files__one" aria-current={open === HISTORY ? 'page' : undefined} data-testid="history" onClick={() => onOpen(HISTORY)}>
        <span class="files__name">{t('history')}</span>
      </button>
      <button type="button" class="files__one" aria-current={open === RETENTION ? 'page' : undefined} data-testid="retention-link" onClick={() => onOpen(RETENTION)}>
        <span class="files__name">{t('retention')}</span>
      </button>
      <button type="button" class="files__one" aria-current={open === LOG ? 'page' : undefined} data-testid="log" onClick={() => onOpen(LOG)}>
        <span class="files__name">{tLog('log')}</span>
      </button>
    </nav>
  );
}

function Admin() {
  useLang();
  const mayChange = useStore(seat)?.user.role === 'admin';
  const [rules, setRules] = useState<Rules | null>(null);
  const [drafts, setDrafts] = useState<Drafts>({});
  const [open, setOpen] = useState<string | null>(inAddress());
  const [error, setError] = useState<string | null>(null);
  const [proposed, setProposed] = useState<{ title: string; proposal: Proposal } | null>(null);
  const { problem, checking, changed } = useCheck(drafts);
  const load = () => getRules().then(setRules, (failure) => setError(errorText(failure)));
  useEffect(() => {
    const onHash = () => setOpen(inAddress());
    void load();
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  useEffect(() => {
    if (!changed) return undefined;
    const ask = (event: BeforeUnloadEvent) => { event.preventDefault(); event.returnValue = t('leave'); };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);
  const go = (name: string) => { location.hash = PLACES.includes(name) ? name : `file=${encodeURIComponent(name)}`; };
  const isPlace = open !== null && PLACES.includes(open);
  const file = rules?.files.find((one) => one.name === open);
  const draft = open ? drafts[open] : undefined;
  useEffect(() => {
    if (!open || isPlace || draft || !file || file.kind === 'image') return;
    getText(open).then(({ text }) => setDrafts((all) => (all[open] ? all : { ...all, [open]: { was: text ?? '', text: text ?? '' } })), (failure) => setError(errorText(failure)));
  }, [open, draft, file]);
  const edit = (name: string, text: string | null) => setDrafts((all) => ({ ...all, [name]: { was: all[name]?.was ?? null, text } }));
  const undo = (name: string) => setDrafts(({ [name]: gone, ...rest }) => (gone?.was === null || gone === undefined ? rest : { ...rest, [name]: { was: gone.was, text: gone.was } }));
  const see = () => { if (changed) setProposed({ title: t('preview'), proposal: { files: editsOf(drafts) } }); };
  const renew = async () => { setDrafts({}); setProposed(null); await load(); };
  if (error && !rules) return <Banner tone="bad" icon="warning">{error}</Banner>;
  if (!rules) return <Spinner label={t('loading')} />;
  const year = nextYear([...rules.files.map((one) => one.name), ...Object.keys(drafts)]);
  const addYear = () => { const name = `calendars/${year}.json`; edit(name, calendarOf(year)); go(name); };
  const openYear = open ? /^calendars\/(\d{4})\.json$/.exec(open)?.[1] : undefined;
  return (
    <div class="admin">
      <header class="admin__top">
        <h1>{t('title')}</h1>
        <span class="admin__state" data-testid="in-force">{t('inForce', { n: rules.in_force })}{rules.newest > rules.in_force && ` · ${t('planned', { n: rules.newest, day: day(rules.version.valid_from) })}`}</span>
        <SeatMenu />
      </header>
      <Files rules={rules} drafts={drafts} open={open} problem={problem} onOpen={go} />
      <main class="admin__main">
        {open === HISTORY && <History newest={rules.newest} mayChange={mayChange} onChanged={() => void load()} onRevert={(number) => setProposed({ title: t('revertTitle', { n: number }), proposal: { revert_to: number } })} />}
        {open === RETENTION && <Retention />}
        {open === LOG && <Log />}
        {!isPlace && !draft && (file?.kind === 'image' ? <Empty icon="photo">{t('imageOnly')}</Empty> : open && file ? <Spinner label={t('loading')} /> : <Empty icon="document">{t('choose')}</Empty>)}
        {open && !isPlace && draft && (
          <>
            <h2 class="admin__file">{open}</h2>
            {!mayChange && <Banner icon="lock">{t('readOnly')}</Banner>}
            {draft.text === null ? <Banner tone="warn" icon="warning">{t('takenOut')}</Banner>
              : <Editor name={open} text={draft.text} readOnly={!mayChange} problem={problem?.file === open || problem?.file === null ? problem : null} onText={(text) => edit(open, text)} onPreview={see} />}
          </>
        )}
        {mayChange && !isPlace && (
          <footer class="admin__foot">
            <span class="admin__check" role="status" data-testid="check">
              {checking ? t('checking') : !changed ? '' : problem ? (problem.file && problem.file !== open ? t('problem', { file: problem.file, reason: problem.reason }) : '') : <><Icon name="check" size="s" /> {t('sound')}</>}
            </span>
            <Button testid="new-year" icon="plus" onClick={addYear}>{t('newYear', { year })}</Button>
            {openYear && draft && draft.text !== null && draft.was !== null && <Button testid="take-out" onClick={() => edit(open!, null)}>{t('takeOut', { year: openYear })}</Button>}
            {open && isChanged(draft) && <Button testid="undo" onClick={() => undo(open)}>{t('undo')}</Button>}
            <Button kind="primary" icon="next" kbd="Ctrl ↵" disabled={!changed} testid="see-changes" onClick={see}>{t('preview')}</Button>
          </footer>
        )}
      </main>
      {proposed && <Enact {...proposed} newest={rules.newest} onClose={() => setProposed(null)} onDone={() => void renew()} />}
      <Toasts />
    </div>
  );
}

applyLang();
render(
  <StaffGate title={{ zh: '管理', en: 'Administration' }} roles={['admin', 'supervisor', 'auditor']} demoUser="admin"><Admin /></StaffGate>,
  document.getElementById('app')!,
);
