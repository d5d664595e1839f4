// A text with its line numbers; the line that is wrong is marked and can be gone to.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useLang } from '@shared/i18n';
import { Banner, Button } from '@shared/ui';
import { lineSpan } from './drafts';
import { t } from './messages';
import type { RulesProblem } from './rules_api';

export function Editor(props: { name: string; text: string; readOnly: boolean; problem: RulesProblem | null; onText: (text: string) => void; onPreview: () => void }) {
  useLang();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const line = props.problem?.line ?? null;
  const lines = useMemo(() => props.text.split('\n').length, [props.text]);
  const scroll = () => { if (gutter.current && area.current) gutter.current.scrollTop = area.current.scrollTop; };
  const goTo = () => {
    const element = area.current;
    if (!element || line === null) return;
    const [from, to] = lineSpan(props.text, line);
    element.focus();
    element.setSelectionRange(from, to);
    element.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(element).lineHeight));
    scroll();
  };
  useEffect(scroll, [props.name, lines]);
  return (
    <div class="editor">
      {props.problem && (
        <Banner tone="bad" icon="warning" testid="problem" action={line !== null && <Button size="s" testid="go-to" onClick={goTo}>{t('goTo')}</Button>}>
          {line !== null ? t('problemAt', { line, column: props.problem.column ?? 1, reason: props.problem.reason }) : props.problem.reason}
        </Banner>
      )}
      <div class="editor__box">
        <pre class="editor__lines" ref={gutter} aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => <span key={index} class={index + 1 === line ? 'editor__bad' : undefined}>{index + 1}</span>)}
        </pre>
        <textarea ref={area} class="editor__text" wrap="off" spellcheck={false} autocomplete="off" aria-label={t('text', { name: props.name })} aria-invalid={props.problem ? 'true' : undefined}
          readOnly={props.readOnly} value={props.text} data-testid="rule-text" onScroll={scroll} onInput={(event) => props.onText(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); props.onPreview(); } }} />
      </div>
    </div>
  );
}
