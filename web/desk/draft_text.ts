// The first draft of the facts and the cause: the templates of the rules, filled with what the case and the draft know. In
// Chinese, whatever the desk speaks. What an officer typed is never written over.
import { partyMark } from '@shared/party';
import type { Case, Code, Codes, Determination, DeterminationParty, Reason } from '@shared/types';

type Values = Record<string, string | null | undefined>;
type Field = 'facts' | 'cause';
export type Texts = Record<Field, string>;

/** {name} is filled in; a [group] goes when one of its names has nothing to say. */
export function fill(template: string, values: Values): string {
  const put = (name: string) => values[name] ?? '';
  const whole = (group: string) => [...group.matchAll(/\{(\w+)\}/g)].every(([, name]) => values[name!]);
  return template.replace(/\[([^\]]*)\]|\{(\w+)\}/g, (_, group: string | undefined, name: string) => (
    group === undefined ? put(name) : whole(group) ? group.replace(/\{(\w+)\}/g, (_all, inner: string) => put(inner)) : ''));
}

const zh = (list: Code[], code: string | null | undefined) => list.find((one) => one.code === code)?.zh ?? '';
const bare = (text: string) => text.replace(/。$/, '');

/** 2026年11月23日16时05分, on the clock of the place (UTC+8). */
export function timeZh(iso: string | null | undefined, withDay = true): string {
  if (!iso) return '';
  const at = new Date(Date.parse(iso) + 8 * 3600e3);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${withDay ? `${at.getUTCFullYear()}年${two(at.getUTCMonth() + 1)}月${two(at.getUTCDate())}日` : ''}${two(at.getUTCHours())}时${two(at.getUTCMinutes())}分`;
}

/** What was done, party by party: "甲方没有与前车保持安全距离，撞上前车；…"; empty: nobody did a listed act. */
function actsText(body: Determination, file: Case, codes: Codes): string {
  const say = (name: string, values: Values = {}) => fill(codes.draft_texts[name] ?? '', values);
  const summaries = (one: DeterminationParty) => one.violations.map((code) => codes.scenarios.find((scenario) => scenario.code === code)).filter((act) => act !== undefined).map((act) => bare(act.summary_zh));
  return body.parties.filter((one) => summaries(one).length > 0).map((one) => say('facts.act', {
    label: partyMark(file.parties.find((known) => known.id === one.party_id)?.label, 'zh-CN'), summary: summaries(one).join(say('facts.acts_and')),
  })).join(say('facts.acts_and'));
}

/** The first reason, which points at the still of the impact, else at the last one; null: there is nothing to point at. */
export function firstReason(body: Determination, file: Case, codes: Codes): Reason | null {
  const still = file.stills.find((one) => one.shot === 'impact_point') ?? file.stills.at(-1);
  const acts = actsText(body, file, codes);
  return still && acts ? { text: fill(codes.draft_texts['cause.reason'] ?? '', { acts }), evidence: [{ kind: 'still', id: still.id }] } : null;
}

export function firstDraft(body: Determination, file: Case, codes: Codes): Texts {
  const say = (name: string, values: Values = {}) => fill(codes.draft_texts[name] ?? '', values);
  const partyOf = (one: DeterminationParty) => file.parties.find((known) => known.id === one.party_id);
  const label = (one: DeterminationParty) => partyMark(partyOf(one)?.label, 'zh-CN');
  const actsOf = (one: DeterminationParty) => one.violations.map((code) => codes.scenarios.find((scenario) => scenario.code === code)).filter((scenario) => scenario !== undefined);
  const summary = (one: DeterminationParty) => actsOf(one).map((act) => bare(act.summary_zh)).join(say('facts.acts_and'));
  const person = (one: DeterminationParty) => {
    const kind = codes.vehicle_type.find((code) => code.code === one.vehicle_type)?.class;
    return say(`facts.${kind && kind !== 'other' ? kind : one.vehicle_type ? 'other' : 'motor'}`, { label: label(one), name: partyOf(one)?.name, vehicle: zh(codes.vehicle_type, one.vehicle_type), plate: one.plate_number });
  };
  const damage = body.damage_cny === null ? '' : String(body.damage_cny);
  const acts = actsText(body, file, codes);
  const damaged = body.parties.filter((one) => one.collision_part && one.collision_part !== 'none').map((one) => say('facts.damaged_part', { label: label(one), part: zh(codes.collision_part, one.collision_part) })).join(say('facts.damaged_and'));
  const facts = [
    say('facts.opening', {
      time: timeZh(body.occurred_at), parties: body.parties.map(person).join(say('facts.and')), place: body.place_text, form: zh(codes.accident_form, body.accident_form).replace(/事故$/, ''),
      collision: zh(codes.collision_type, body.collision_type), object: zh(codes.collision_object, body.collision_object), weather: zh(codes.weather, body.weather),
    }),
    acts && say('facts.acts', { acts }),
    damaged && say('facts.damaged', { damaged }),
    body.injured > 0 ? say('facts.injured', { injured: String(body.injured), damage }) : file.triage.injury === 'none' ? say('facts.unhurt', { damage }) : '',
    file.triage.facility_damage ? say('facts.facility') : '',
    file.evacuated_at ? say('facts.evacuated', { evacuated: timeZh(file.evacuated_at, false) }) : '',
  ];
  const cause = body.parties.map((one) => {
    if (actsOf(one).length > 0) return say('cause.act', { label: label(one), summary: summary(one), basis: actsOf(one).map((act) => act.legal_basis).join('、') }) + say(`cause.${one.liability ?? 'unset'}`);
    return one.liability === 'none' || one.liability === 'undeterminable' ? say(`cause.no_act_${one.liability}`, { label: label(one) }) : '';
  });
  return { facts: facts.join(''), cause: cause.join('') };
}

/** What of a fresh draft may be put in: a field that is empty, or that still is what was drafted last. */
export function untyped(fresh: Texts, typed: { facts: string | null; cause: string | null }, last: Texts | null): Partial<Texts> {
  const free = (field: Field) => !typed[field]?.trim() || typed[field] === last?.[field];
  return { ...(free('facts') ? { facts: fresh.facts } : {}), ...(free('cause') ? { cause: fresh.cause } : {}) };
}
