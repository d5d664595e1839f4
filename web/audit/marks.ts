// What happened, as marks on the time line.
import { tm, writerName } from '@shared/chat_messages';
import { codeText, ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import type { CallMessage, Case, TimelineItem } from '@shared/types';
import { t } from './messages';

export interface Mark { key: string; kind: 'still' | 'signature' | 'event' | 'message'; atMs: number; text: string; stillId?: string }

const EVENTS: Record<string, () => string> = {
  'case.claimed': () => t('markClaim'), 'case.evacuated': () => t('markEvacuate'), 'document.issued': () => t('markIssued'),
  'case.on_scene': () => t('markScene'), 'case.assessed': () => t('markAssessed'), 'call.lost': () => t('markDrop'), 'signing.paused': () => t('markPause'), 'signing.resumed': () => t('markResume'), 'document.served': () => t('markServed'),
};
const MODES: Record<string, () => string> = { voice: () => t('markVoice'), video: () => t('markVideo') };

export const messageMarks = (messages: CallMessage[], originMs: number): Mark[] => messages.map((one) => (
  { key: one.id, kind: 'message', atMs: Date.parse(one.sent_at) - originMs, text: tm('news', { who: writerName(one), text: one.text }) }));

export function marksOf(file: Case, timeline: TimelineItem[], messages: CallMessage[], originMs: number): Mark[] {
  const at = (iso: string) => Date.parse(iso) - originMs;
  const stills = file.stills.map((one, index): Mark => (
    { key: one.id, kind: 'still', atMs: at(one.taken_at), text: t('markStill', { n: index + 1 }), stillId: one.id }));
  const signatures = file.documents.flatMap((document) => document.signatures.map((one): Mark => (
    { key: `${document.id}-${one.party_id}`, kind: 'signature', atMs: at(one.signed_at), text: t('markSign', { label: partyMark(one.label), what: codeText('decision', one.decision) }) })));
  const guests = timeline.filter((item) => item.actor.kind === 'guest' && (item.kind === 'call.joined' || item.kind === 'call.left')).map((item): Mark => (
    { key: `g${item.seq}`, kind: 'event', atMs: at(item.at), text: t(item.kind === 'call.joined' ? 'markJoin' : 'markLeave', { who: item.actor.name ?? ts('guest') }) }));
  const listening = timeline.filter((item) => item.kind === 'call.listening').map((item): Mark => (
    { key: `l${item.seq}`, kind: 'event', atMs: at(item.at), text: t('markListen', { who: item.actor.name ?? '' }) }));
  const events = timeline.filter((item) => item.kind in EVENTS).map((item): Mark => (
    { key: `e${item.seq}`, kind: 'event', atMs: at(item.at), text: EVENTS[item.kind]!() }));
  const modes = timeline.filter((item) => item.kind === 'call.mode' && String(item.data.mode) in MODES).map((item): Mark => (
    { key: `m${item.seq}`, kind: 'event', atMs: at(item.at), text: MODES[String(item.data.mode)]!() }));
  return [...stills, ...signatures, ...guests, ...listening, ...events, ...modes, ...messageMarks(messages, originMs)].sort((a, b) => a.atMs - b.atMs);
}
