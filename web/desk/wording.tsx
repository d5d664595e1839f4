// The official wording of a legal basis, unfolded under the rule that cites it; always in Chinese, as the law is.
import { useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { api } from '@shared/staff';
import type { Wording as Place } from '@shared/types';
import { t } from './messages';

export function Wording({ legalBasis }: { legalBasis: string }) {
  const [places, setPlaces] = useState<Place[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const load = (open: boolean) => {
    if (!open || places) return;
    setFailure(null);
    void api.wording(legalBasis).then(setPlaces, (error) => setFailure(errorText(error)));
  };
  return (
    <details class="wording" data-testid="wording" onToggle={(event) => load(event.currentTarget.open)}>
      <summary>{t('wording')}</summary>
      {failure && <p role="alert">{failure}</p>}
      {!failure && !places && <p>{t('wordingLoading')}</p>}
      {places?.map((place) => <WordingOf key={place.citation} place={place} />)}
    </details>
  );
}

function WordingOf({ place: { citation, status, law, passages } }: { place: Place }) {
  if (status === 'not_imported') return <p class="wording__none" data-testid="wording-none">{t('wordingNotImported', { citation })}</p>;
  if (status === 'absent') return <p class="wording__none" role="alert">{t('wordingAbsent', { citation, dated: law!.dated })}</p>;
  return (
    <blockquote class="wording__text" lang="zh-CN" data-testid="wording-text">
      {passages.map((one) => <p key={`${one.paragraph}.${one.item}`} class={one.item ? 'wording__item' : ''}>{one.item ? `（${hanNumber(one.item)}）` : ''}{one.text}</p>)}
      <cite>{citation} · {t('wordingDated', { dated: law!.dated })}</cite>
    </blockquote>
  );
}

const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** 1 to 99 as laws count their items. */
export function hanNumber(number: number): string {
  const tens = Math.floor(number / 10);
  return `${tens > 1 ? DIGITS[tens] : ''}${tens > 0 ? '十' : ''}${DIGITS[number % 10]}`;
}
