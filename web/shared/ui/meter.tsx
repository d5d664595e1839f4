// The three bars as a button, and behind it the figures of every leg of the call, with plain words.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { ts } from '../messages';
import { Meter, type Level } from '../meter';
import type { CallParticipant } from '../types';
import { Bars, Button, Dialog, networkText } from './index';

const ASK_MS = 1000;

/** The level of a leg by the service's figures, with the meter's inertia. */
export function useLegLevel(leg: CallParticipant | undefined): Level | null {
  const kept = useRef<{ leg: string; meter: Meter; last: CallParticipant | null } | null>(null);
  if (!leg) return null;
  if (kept.current?.leg !== leg.leg_id) kept.current = { leg: leg.leg_id, meter: new Meter(), last: null };
  const { meter, last } = kept.current;
  // A rate takes a second to measure: before that nothing is known, but silence.
  const measured = leg.bitrate_in_bps > 0 || (leg.age_last_packet_ms ?? 0) > ASK_MS;
  if (last !== leg && measured) {
    kept.current.last = leg;
    meter.take({ loss: Math.max(leg.loss_in, leg.loss_out), rttMs: leg.rtt_ms, bps: leg.width ? leg.bitrate_in_bps : null, ageMs: leg.age_last_packet_ms });
  }
  return meter.level;
}

const rate = (bps: number) => (bps >= 1e6 ? `${(bps / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bps / 1000)} kbit/s`);
const share = (loss: number) => `${(loss * 100).toFixed(1)} %`;

function figuresOf(leg: CallParticipant): [string, string][] {
  if (leg.loss_in === undefined) return [];
  return [
    [ts('netFrom'), `${rate(leg.bitrate_in_bps)} · ${ts('netLost', { share: share(leg.loss_in) })}`],
    [ts('netTo'), `${rate(leg.bitrate_out_bps)} · ${ts('netLost', { share: share(leg.loss_out) })}`],
    [ts('netTrip'), leg.rtt_ms === null ? '–' : `${leg.rtt_ms} ms`],
    [ts('netAge'), leg.age_last_packet_ms === null ? '–' : `${(leg.age_last_packet_ms / 1000).toFixed(1)} s`],
    [ts('netPicture'), leg.width ? `${leg.width}×${leg.height}` : '–'],
    [ts('netAgain'), `${leg.nacks_sent} / ${leg.nacks_answered}`],
    [ts('netRecorded'), `${(leg.recorded_bytes / 1e6).toFixed(1)} MB`],
  ];
}

function LegFigures({ leg, name }: { leg: CallParticipant; name: string }) {
  const level = useLegLevel(leg);
  const figures = figuresOf(leg);
  return (
    <section class="figures" data-testid={`figures-${leg.kind}`}>
      <h3 class="figures__who"><Bars level={level} />{name}</h3>
      <p>{ts(level === null ? 'netMeansUnknown' : level === 0 ? 'netMeansNone' : level === 1 ? 'netMeansPoor' : level === 2 ? 'netMeansFair' : 'netMeansGood')}</p>
      <dl>{figures.map(([what, value]) => <div key={what}><dt>{what}</dt><dd class="num">{value}</dd></div>)}</dl>
    </section>
  );
}

/** Asks for the figures itself while it is open. */
function Figures({ api, caseId, nameOf, onClose }: { api: Api; caseId: string; nameOf: (leg: CallParticipant) => string; onClose: () => void }) {
  const [legs, setLegs] = useState<CallParticipant[] | null>(null);
  useEffect(() => {
    let open = true;
    const ask = () => void api.callStatus(caseId).then((status) => { if (open) setLegs(status.participants.filter((one) => one.media !== 'gone')); }, () => undefined);
    ask();
    const timer = setInterval(ask, ASK_MS);
    return () => { open = false; clearInterval(timer); };
  }, [caseId]);
  return (
    <Dialog title={ts('netTitle')} onClose={onClose} testid="net-figures" foot={<Button onClick={onClose} testid="net-close">{ts('close')}</Button>}>
      {legs?.map((leg) => <LegFigures key={leg.leg_id} leg={leg} name={nameOf(leg)} />) ?? <p>{ts('loading')}</p>}
    </Dialog>
  );
}

export function NetMeter({ level, who, words, api, caseId, nameOf, testid }: {
  level: Level | null; who?: string; words?: boolean; api: Api; caseId: string; nameOf: (leg: CallParticipant) => string; testid: string;
}) {
  const [open, setOpen] = useState(false);
  const label = [who, ts('netLabel', { level: networkText(level) })].filter(Boolean).join(' · ');
  return (
    <>
      <button type="button" class="netmeter" aria-haspopup="dialog" aria-label={label} title={label} data-testid={testid} data-level={level ?? ''} onClick={() => setOpen(true)}>
        <Bars level={level} testid={`${testid}-bars`} />{words && <span aria-hidden="true">{networkText(level)}</span>}
      </button>
      {open && <Figures api={api} caseId={caseId} nameOf={nameOf} onClose={() => setOpen(false)} />}
    </>
  );
}
