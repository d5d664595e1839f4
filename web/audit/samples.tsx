// The week's sample: which closed cases are to be looked at again, why each, and what the lot was committed to.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { Sample, SamplePeriod } from '@shared/types';
import { Banner, Empty, Pill, Spinner } from '@shared/ui';
import { ta, type AuditKey } from './audit_messages';

export function Samples({ onOpen }: { onOpen: (id: string) => void }) {
  useLang();
  const [list, setList] = useState<{ items: Sample[]; next: SamplePeriod | null } | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => { api.samples().then(setList, (failure) => setError(errorText(failure))); }, []);
  if (error) return <Banner tone="bad" icon="warning">{error}</Banner>;
  if (!list) return <Spinner />;
  return (
    <main class="search" data-testid="samples">
      {list.next && <p class="search__said">{ta('sampleNext', { from: dayAndTime(list.next.from), to: dayAndTime(list.next.to), n: list.next.percent })} <code class="samples__hash">{list.next.commitment}</code></p>}
      {list.items.length === 0 && <Empty icon="queue">{ta('sampleNone')}</Empty>}
      {list.items.map((one) => <Period key={one.number} one={one} onOpen={onOpen} />)}
    </main>
  );
}

function Period({ one, onOpen }: { one: Sample; onOpen: (id: string) => void }) {
  const done = one.cases.filter((file) => file.judged).length;
  return (
    <section class="samples">
      <h2>{ta('samplePeriod', { n: one.number, from: dayAndTime(one.from), to: dayAndTime(one.to) })}</h2>
      <p class="search__said">{ta('sampleDrawn', { all: one.candidates, n: one.cases.length, done })} <code class="samples__hash">{one.seed}</code></p>
      <ul class="samples__cases">{one.cases.map((file) => (
        <li key={file.case_id} data-testid="sample-case">
          <button type="button" class="link num" onClick={() => onOpen(file.case_id)}>{file.case_number}</button>
          <Pill tone={file.reason === 'random' ? undefined : 'warn'}>{ta(`why_${file.reason}` as AuditKey)}</Pill>
          {file.judged && <Pill tone="ok">{ta('judged')}</Pill>}
        </li>
      ))}</ul>
    </section>
  );
}
