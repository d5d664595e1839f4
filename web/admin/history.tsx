// Every version: who made it, why, from when on, and how many cases keep it; one can go back to any.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { dayAndTime } from '@shared/time';
import { Banner, Button, Pill, Spinner, toast } from '@shared/ui';
import { t } from './messages';
import { listVersions, withdraw, type RulesVersion } from './rules_api';

const TONES = { in_force: 'ok', planned: 'warn', past: undefined, withdrawn: undefined } as const;
const stateText = (state: RulesVersion['state']) => t(state === 'planned' ? 'plannedState' : state);

export function History(props: { newest: number; mayChange: boolean; onRevert: (number: number) => void; onChanged: () => void }) {
  useLang();
  const [found, setFound] = useState<{ items: RulesVersion[]; next: string | null } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = (cursor?: string) => listVersions(cursor).then(
    (page) => setFound((before) => ({ items: cursor && before ? [...before.items, ...page.items] : page.items, next: page.next_cursor })),
    (failure) => setError(errorText(failure)));
  useEffect(() => { void load(); }, [props.newest]);
  const takeBack = async (number: number) => {
    try {
      await withdraw(number);
      toast(t('withdrawn2'), 'ok');
      props.onChanged();
    } catch (failure) {
      toast(errorText(failure), 'bad');
    }
    await load();
  };
  if (error) return <Banner tone="bad" icon="warning">{error}</Banner>;
  if (!found) return <Spinner label={t('loading')} />;
  return (
    <div class="history" tabIndex={0} role="region" aria-label={t('history')}>
      <table class="results">
        <caption class="visually-hidden">{t('historyOf')}</caption>
        <thead><tr><th scope="col">{t('version')}</th><th scope="col">{t('state')}</th><th scope="col">{t('from')}</th><th scope="col">{t('who')}</th><th scope="col">{t('reason')}</th><th scope="col">{t('cases')}</th><td /></tr></thead>
        <tbody>{found.items.map((one) => (
          <tr key={one.number} data-testid="version" data-number={one.number}>
            <th scope="row" class="num">{one.number}</th>
            <td><Pill tone={TONES[one.state]}>{stateText(one.state)}</Pill></td>
            <td class="num">{dayAndTime(one.valid_from)}</td>
            <td>{one.created_by ?? t('service')}<br /><span class="history__small">{t(one.origin)}{one.equals !== null && ` · ${t('equals', { n: one.equals })}`}</span></td>
            <td class="history__reason">{one.reason}</td>
            <td class="num">{t('casesOf', { open: one.open_cases, all: one.cases })}</td>
            <td>{props.mayChange && one.state === 'planned' && <Button size="s" testid="withdraw" onClick={() => void takeBack(one.number)}>{t('withdraw')}</Button>}
              {props.mayChange && one.state === 'past' && <Button size="s" icon="refresh" testid="revert" onClick={() => props.onRevert(one.number)}>{t('revertTo', { n: one.number })}</Button>}</td>
          </tr>
        ))}</tbody>
      </table>
      {found.next && <Button onClick={() => void load(found.next!)}>{t('more')}</Button>}
    </div>
  );
}
