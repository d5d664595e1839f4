// The catalogue of scenarios by picture: found by a word, an article or by looking.
import { useState } from 'preact/hooks';
import { Diagram } from '@shared/diagrams';
import { pickField } from '@shared/i18n';
import { ts } from '@shared/messages';
import type { Scenario } from '@shared/types';
import { Button, Dialog, TextField } from '@shared/ui';
import { t } from './messages';

/** Those that a word is of: in either language, title, summary, article or code. */
export function search(scenarios: Scenario[], words: string): Scenario[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return scenarios.filter((one) => {
    const text = [one.title_zh, one.title_en, one.summary_zh, one.summary_en, one.legal_basis, one.code].join('\n').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

export function Gallery({ title, scenarios, chosen, onPick, onClose }: {
  title: string; scenarios: Scenario[]; chosen: string[]; onPick: (code: string) => void; onClose: () => void;
}) {
  const [words, setWords] = useState('');
  const found = search(scenarios, words);
  const pick = (code: string) => { onPick(code); onClose(); };
  return (
    <Dialog title={title} wide onClose={onClose} testid="gallery" foot={<Button onClick={onClose}>{ts('cancel')}</Button>}>
      <form onSubmit={(event) => { event.preventDefault(); if (words && found[0]) pick(found[0].code); }}>
        <TextField label={t('gallerySearch')} value={words} onValue={setWords} testid="gallery-search" autofocus />
      </form>
      {found.length === 0 && <p role="status">{t('galleryNone')}</p>}
      <ul class="gallery">
        {found.map((one) => (
          <li key={one.code}>
            <button type="button" class="gallery__one" data-testid={`gallery-${one.code}`} aria-pressed={chosen.includes(one.code)} onClick={() => pick(one.code)}>
              <Diagram code={one.code} />
              <b>{pickField(one, 'title')}</b>
              <small>{one.legal_basis}</small>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
