// When, where, on what road, in what weather, how: the codes of the record, and the facts in words.
import { saidOf } from '@shared/api';
import { pick } from '@shared/i18n';
import { useStore } from '@shared/store';
import type { Case, Code, Codes, Determination } from '@shared/types';
import { Button, Select, TextArea, TextField, toast } from '@shared/ui';
import type { Draft } from './draft';
import { useKey } from './keys';
import { t } from './messages';

const choices = (list: Code[]) => list.map((one) => ({ value: one.code, text: `${one.code} ${pick(one)}` }));
/** RFC 3339 in UTC and the wall clock of the place (UTC+8), as <input type=datetime-local> wants it. */
const toLocal = (iso: string | null) => (iso ? new Date(Date.parse(iso) + 8 * 3600e3).toISOString().slice(0, 16) : '');
const fromLocal = (text: string) => (text ? new Date(`${text}:00+08:00`).toISOString() : null);

/** What the chosen form has no place for goes with the form it belonged to; the domain would refuse it. */
export function withForm(code: string | null, codes: Codes): Partial<Determination> {
  const form = codes.accident_form.find((one) => one.code === code);
  return {
    accident_form: code,
    ...(form && form.class !== 'between_vehicles' ? { collision_type: null } : {}),
    ...(form ? { collision_object: null } : {}),
  };
}

export function FactsTab({ draft, file, codes, locked }: { draft: Draft; file: Case; codes: Codes; locked: boolean }) {
  const { body, errors } = useStore(draft);
  const error = (pointer: string) => saidOf(errors, pointer);
  const form = codes.accident_form.find((one) => one.code === body.accident_form);
  const draftTexts = () => { if (!draft.draftTexts(file, codes)) toast(t('draftKept')); };
  useKey('draft', locked ? null : draftTexts);
  const highway = codes.road_type.find((one) => one.code === body.road_type)?.class === 'highway';
  return (
    <fieldset class="grid" disabled={locked}>
      <TextField label={t('occurredAt')} type="datetime-local" value={toLocal(body.occurred_at)} onValue={(value) => draft.edit({ occurred_at: fromLocal(value) })} error={error('/occurred_at')} testid="occurred-at" />
      <Select label={t('weather')} value={body.weather ?? ''} empty={t('choose')} choices={choices(codes.weather)} onValue={(value) => draft.edit({ weather: value || null })} error={error('/weather')} testid="weather" />
      <TextField fieldClass="grid__wide" label={t('place')} value={body.place_text ?? ''} onValue={(value) => draft.edit({ place_text: value })} error={error('/place_text')} testid="place-text" />
      <Select label={t('form')} value={body.accident_form ?? ''} empty={t('choose')} choices={choices(codes.accident_form)} onValue={(value) => draft.edit(withForm(value || null, codes))} error={error('/accident_form')} testid="accident-form" />
      {(!form || form.class === 'between_vehicles') && <Select label={t('collisionType')} value={body.collision_type ?? ''} empty={t('none')} choices={choices(codes.collision_type)} onValue={(value) => draft.edit({ collision_type: value || null })} error={error('/collision_type')} testid="collision-type" />}
      {form?.needs_collision_object && <Select label={t('collisionObject')} value={body.collision_object ?? ''} empty={t('choose')} choices={choices(codes.collision_object)} onValue={(value) => draft.edit({ collision_object: value || null })} error={error('/collision_object')} testid="collision-object" />}
      <Select label={t('roadType')} value={body.road_type ?? ''} empty={t('none')} choices={choices(codes.road_type)} onValue={(value) => draft.edit({ road_type: value || null, road_class: null })} error={error('/road_type')} testid="road-type" />
      {highway && <Select label={t('roadClass')} value={body.road_class ?? ''} empty={t('none')} choices={choices(codes.road_class)} onValue={(value) => draft.edit({ road_class: value || null })} error={error('/road_class')} testid="road-class" />}
      <Select label={t('sceneState')} value={body.scene ?? ''} empty={t('none')} choices={choices(codes.scene)} onValue={(value) => draft.edit({ scene: value || null })} error={error('/scene')} testid="scene-state" />
      <TextField label={t('injured')} type="number" min={0} max={9} value={String(body.injured)} onValue={(value) => draft.edit({ injured: Number(value) || 0 })} error={error('/injured')} testid="injured" />
      <TextField label={t('damage')} type="number" min={0} value={body.damage_cny === null ? '' : String(body.damage_cny)} onValue={(value) => draft.edit({ damage_cny: value === '' ? null : Math.round(Number(value)) })} error={error('/damage_cny')} testid="damage" />
      <div class="grid__wide words">
        {!locked && <Button size="s" icon="pen" testid="draft-facts" kbd="Alt D" onClick={draftTexts}>{t('draftFacts')}</Button>}
        <TextArea label={t('facts')} rows={5} value={body.facts ?? ''} onValue={(value) => draft.edit({ facts: value })} error={error('/facts')} testid="facts" />
        <TextArea label={t('cause')} rows={4} value={body.cause ?? ''} onValue={(value) => draft.edit({ cause: value })} error={error('/cause')} testid="cause" />
      </div>
    </fieldset>
  );
}
