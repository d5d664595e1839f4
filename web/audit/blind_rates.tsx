// How far first and second looks agree, by question: of all, and of each month or year.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { api } from '@shared/staff';
import type { BlindRate } from '@shared/types';
import { Banner, LinkButton, Segmented } from '@shared/ui';
import { tb, type BlindKey } from './blind_messages';

type By = 'month' | 'year';
const percent = (share: number) => (share * 100).toFixed(1);
/** "66.7% (20.8–93.9)" */
export const rateText = (one: BlindRate) => `${percent(one.share)}% (${percent(one.low)}–${percent(one.high)})`;

export function Rates() {
  useLang();
  const [by, setBy] = useState<By>('month');
  const [rates, setRates] = useState<BlindRate[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => { api.blindRates(by).then(setRates, (failure) => setError(errorText(failure))); }, [by]);
  return (
    <>
      <h3>{tb('rates')}</h3>
      {error && <Banner tone="bad" icon="warning">{error}</Banner>}
      {rates?.length === 0 && <p class="side__none">{tb('ratesNone')}</p>}
      {rates && rates.length > 0 && <>
        <div class="blind__bar">
          <Segmented label={tb('period')} value={by} testid="blind-by" choices={[{ value: 'month', text: tb('byMonth') }, { value: 'year', text: tb('byYear') }]} onValue={(value) => setBy(value as By)} />
          <LinkButton href={`/api/v1/audit/agreement?by=${by}&format=csv`} download="agreement.csv" testid="blind-csv">{tb('csv')}</LinkButton>
        </div>
        <Table rates={rates} />
        <p class="search__said">{tb('ratesLead')}</p>
      </>}
    </>
  );
}

function Table({ rates }: { rates: BlindRate[] }) {
  return (
    <div class="search__table" tabIndex={0} role="region" aria-label={tb('rates')}>
      <table class="results blind__table" data-testid="blind-rates">
        <thead><tr><th>{tb('period')}</th><th>{tb('question')}</th><th>{tb('count')}</th><th>{tb('agreed')}</th><th>{tb('share')}</th><th>{tb('kappa')}</th></tr></thead>
        <tbody>{rates.map((one) => (
          <tr key={`${one.period} ${one.question}`} data-testid="blind-rate" data-question={one.question}>
            <td class="num">{one.period ?? tb('all')}</td><td>{tb(`q_${one.question}` as BlindKey)}</td><td class="num">{one.count}</td><td class="num">{one.agreed}</td>
            <td class="num">{rateText(one)}</td><td class="num">{one.kappa === null ? '—' : one.kappa.toFixed(2)}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}
