// Who takes part in a call, and what everybody is called.
import { sharedMessages, ts, type SharedKey } from './messages';
import { partyMark } from './party';
import type { CallParticipant, GuestKind } from './types';

export const personId = (one: CallParticipant) => one.party_id ?? one.user_id ?? one.guest_id ?? one.leg_id;

export function guestWord(kind: GuestKind | undefined): string {
  const key = `guest_${kind}` as SharedKey;
  return key in sharedMessages.zh ? ts(key) : ts('guest');
}

/** The role alone: "Party A", "Officer", "Interpreter". */
export function personRole(one: CallParticipant): string {
  if (one.listens) return ts('roleListener');
  if (one.kind === 'party') return ts('roleParty', { label: partyMark(one.label) });
  return one.kind === 'guest' ? guestWord(one.guest_kind) : ts('roleOfficer');
}

export const personName = (one: CallParticipant) => [personRole(one), one.name].filter(Boolean).join(' ');

/** Who came and who went, in a word. */
export function newsText(who: CallParticipant, joined: boolean): string {
  if (who.listens) return ts(joined ? 'listenerCame' : 'listenerLeft', { who: personName(who) });
  return ts(joined ? 'someoneJoined' : 'someoneLeft', { who: personName(who) });
}
