// The transparency log as it is published: its newest checkpoint, the keys that sign it and the witnesses that cosign it.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import { Banner, LinkButton, Pill, Spinner } from '@shared/ui';
import { t } from './log_messages';

const LOOK_AGAIN_MS = 5000;

interface Checkpoint { origin: string; size: number; root: string }
interface Key { public: string; from: string; until: string | null }
interface Witness { public: string; url: string; size: number; cosigned_at: string | null; trouble: string | null; alarm: boolean }
interface Shown { checkpoint: Checkpoint | null; keys: Key[]; witnesses: Witness[]; quorum: number }

async function readCheckpoint(): Promise<Checkpoint | null> {
  const reply = await fetch('/log/checkpoint', { cache: 'no-store' });
  if (!reply.ok) return null;
  const [origin = '', size = '0', root = ''] = (await reply.text()).split('\n');
  return { origin, size: Number(size), root };
}

async function read(): Promise<Shown> {
  const [checkpoint, keys, witnesses] = await Promise.all([
    readCheckpoint(), api.get<{ items: Key[] }>('/api/v1/log/keys'), api.get<{ items: Witness[]; quorum: number }>('/api/v1/log/witnesses')]);
  return { checkpoint, keys: keys.items, witnesses: witnesses.items, quorum: witnesses.quorum };
}

const nameOf = (published: string) => published.slice(0, published.indexOf('+'));

function WitnessRow({ witness, size }: { witness: Witness; size: number }) {
  const behind = size - witness.size;
  return (
    <tr data-testid="witness">
      <th scope="row">{nameOf(witness.public)}<br /><span class="history__small">{witness.url}</span></th>
      <td class="num">{witness.cosigned_at ? dayAndTime(witness.cosigned_at) : t('never')}</td>
      <td>
        <Pill tone={witness.alarm ? 'bad' : witness.trouble ? 'warn' : 'ok'} icon={witness.alarm ? 'warning' : undefined}>
          {witness.alarm ? t('alarm') : witness.trouble ? t('away') : behind > 0 ? t('behind', { n: behind }) : t('upToDate')}
        </Pill>
        {witness.trouble && <p class="history__small">{witness.trouble}</p>}
      </td>
    </tr>
  );
}

export function Log() {
  useLang();
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const look = () => read().then((now) => { setShown(now); setError(null); }, (failure) => setError(errorText(failure)));
    void look();
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  if (!shown) return error ? <Banner tone="bad" icon="warning">{error}</Banner> : <Spinner label={t('loading')} />;
  const { checkpoint, keys, witnesses, quorum } = shown;
  return (
    <div class="history log" tabIndex={0} role="region" aria-label={t('log')}>
      {error && <Banner tone="warn" icon="warning">{error}</Banner>}
      {witnesses.some((one) => one.alarm) && <Banner tone="bad" icon="warning" urgent title={t('alarmTitle')}>{t('alarmText')}</Banner>}
      <p class="log__intro">{t('intro')}</p>
      {checkpoint ? (
        <section class="log__head" data-testid="checkpoint">
          <dl>
            <dt>{t('origin')}</dt><dd>{checkpoint.origin}</dd>
            <dt>{t('size')}</dt><dd class="num">{checkpoint.size.toLocaleString()}</dd>
            <dt>{t('root')}</dt><dd class="log__code">{checkpoint.root}</dd>
          </dl>
          <LinkButton href="/log/checkpoint" download={`checkpoint-${checkpoint.size}.txt`} icon="document">{t('save')}</LinkButton>
        </section>
      ) : <Banner icon="clock">{t('none')}</Banner>}
      <h2>{t('witnesses')} <span class="history__small">{quorum > 0 ? t('quorum', { n: quorum }) : t('atOnce')}</span></h2>
      {witnesses.length === 0 ? <p>{t('noWitnesses')}</p> : (
        <table class="results">
          <thead><tr><th scope="col">{t('witness')}</th><th scope="col">{t('cosigned')}</th><th scope="col">{t('state')}</th></tr></thead>
          <tbody>{witnesses.map((one) => <WitnessRow key={one.public} witness={one} size={checkpoint?.size ?? 0} />)}</tbody>
        </table>
      )}
      <h2>{t('keys')}</h2>
      <ul class="log__keys">{keys.map((key) => (
        <li key={key.public}>
          <span class="log__code">{key.public}</span>
          <span class="history__small">{key.until ? t('until', { from: dayAndTime(key.from), until: dayAndTime(key.until) }) : t('from', { from: dayAndTime(key.from) })}</span>
          {!key.until && <Pill tone="ok">{t('inForce')}</Pill>}
        </li>
      ))}</ul>
    </div>
  );
}
