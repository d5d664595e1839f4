// What was verified just now, here and by the service; a mismatch can't be missed.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { partyMark } from '@shared/party';
import { guestWord } from '@shared/people';
import { useStore } from '@shared/store';
import { timeWithSeconds } from '@shared/time';
import type { Recording } from '@shared/types';
import { Banner, Button, Dialog, Icon, Progress } from '@shared/ui';
import { ts } from '@shared/messages';
import { t } from './messages';
import type { Player } from './player';
import { tr } from './replay_messages';
import { Verification, type TrackCheck } from './verification';

/** What is read for the seal waits so long after a seek. */
const SEEK_MS = 500;

export const trackName = (one: Recording) =>
  `${one.party_id ? t('party', { label: partyMark(one.label ?? '') }) : one.guest_kind ? guestWord(one.guest_kind) : t('officer')}${one.segment > 1 ? ` · ${t('segment', { n: one.segment })}` : ''}`;

/** Begins when the replay opens, and stands aside while the player waits for bytes. */
export function useVerification(recordings: Recording[], player: Player): Verification {
  const verification = useMemo(() => new Verification(recordings.filter((one) => one.sha256 !== null)), [recordings]);
  useEffect(() => {
    void verification.run();
    return () => verification.stop();
  }, [verification]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = player.subscribe((state) => {
      clearTimeout(timer);
      // While it stands, a change is a seek: its picture comes first.
      verification.hold(state.waiting || !state.playing);
      if (!state.playing) timer = setTimeout(() => verification.hold(false), SEEK_MS);
    });
    return () => { clearTimeout(timer); end(); };
  }, [player, verification]);
  return verification;
}

/** Over the pictures, for as long as something is wrong. */
export function Alarm({ verification, recordings }: { verification: Verification; recordings: Recording[] }) {
  const { tracks } = useStore(verification);
  const bad = tracks.filter((one) => one.state === 'bad');
  if (bad.length === 0) return null;
  const names = bad.map((one) => trackName(recordings.find((other) => other.id === one.id)!));
  return <div class="alarm" role="alert" data-testid="verify-alarm"><Icon name="warning" /><b>{tr('alarm', { who: [...new Set(names)].join('、') })}</b><span>{tr(bad[0]!.problem!)}</span></div>;
}

export function Seal({ verification, recordings }: { verification: Verification; recordings: Recording[] }) {
  const { tracks, log, doneAt } = useStore(verification);
  const [details, setDetails] = useState(false);
  if (tracks.length === 0) return null;
  const bad = tracks.some((one) => one.state === 'bad'), failed = tracks.some((one) => one.state === 'failed');
  const tone = bad ? 'bad' : failed ? 'warn' : doneAt ? 'ok' : 'brand';
  const title = bad ? tr('sealBad') : failed ? tr('sealFailed') : doneAt ? tr('sealGood') : tr('sealRunning');
  const share = tracks.reduce((sum, one) => sum + (one.state === 'good' ? 1 : one.share), 0) / tracks.length;
  return (
    <section class="seal" data-testid="seal" data-state={bad ? 'bad' : failed ? 'failed' : doneAt ? 'good' : 'running'}>
      <Banner tone={tone} icon={tone === 'ok' ? 'shield' : tone === 'brand' ? 'clock' : 'warning'} title={title}>
        {doneAt && !bad && !failed && log && <p>{tr('sealSummary', { n: tracks.length, entries: log.size, at: timeWithSeconds(doneAt) })}</p>}
        {!doneAt && <Progress share={share} label={tr('sealRunning')} />}
        <ul class="seal__tracks">{tracks.map((one) => <Track key={one.id} check={one} name={trackName(recordings.find((other) => other.id === one.id)!)} />)}</ul>
        <Button size="s" testid="seal-details" onClick={() => setDetails(true)}>{tr('sealDetails')}</Button>
      </Banner>
      {details && <Details verification={verification} recordings={recordings} onClose={() => setDetails(false)} />}
    </section>
  );
}

function Track({ check, name }: { check: TrackCheck; name: string }) {
  const word = check.state === 'good' ? tr('trackGood') : check.state === 'bad' ? tr('trackBad') : check.state === 'failed' ? tr('trackFailed') : check.state === 'checking' ? tr('trackShare', { share: Math.floor(check.share * 100) }) : tr('trackWaiting');
  return <li data-testid="track-check" data-state={check.state}><span>{name}</span><span class="num">{word}</span></li>;
}

function Details({ verification, recordings, onClose }: { verification: Verification; recordings: Recording[]; onClose: () => void }) {
  const { tracks, log } = useStore(verification);
  return (
    <Dialog wide title={tr('sealDetails')} onClose={onClose} testid="seal-dialog" foot={<Button testid="seal-close" autofocus onClick={onClose}>{ts('close')}</Button>}>
      <p>{tr('sealHow')}</p>
      {tracks.map((one) => (
        <section key={one.id} class="seal__detail">
          <h3>{trackName(recordings.find((other) => other.id === one.id)!)}</h3>
          <dl>
            <div><dt>SHA-256</dt><dd class="num">{one.hash ?? recordings.find((other) => other.id === one.id)!.sha256}</dd></div>
            {one.entry !== null && <div><dt>{tr('sealEntry')}</dt><dd class="num">{one.entry}</dd></div>}
            {one.checkedAt && <div><dt>{tr('sealServer')}</dt><dd class="num">{timeWithSeconds(one.checkedAt)}</dd></div>}
            {one.problem && <div><dt>{tr('sealProblem')}</dt><dd>{tr(one.problem)} <span class="num">{one.detail}</span></dd></div>}
          </dl>
        </section>
      ))}
      {log && <p>{tr(log.signed === null ? 'sealLogUnsigned' : 'sealLog', { size: log.size, at: timeWithSeconds(log.at), witnesses: log.witnesses })}</p>}
    </Dialog>
  );
}
