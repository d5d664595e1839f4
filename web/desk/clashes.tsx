// What another window changed in the same field: both texts side by side, and one click ends it. Nothing is lost until then.
import { pick, pickField } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { partyMark } from '@shared/party';
import { useStore } from '@shared/store';
import { dayAndTime } from '@shared/time';
import type { Case, Code, Codes, Reason } from '@shared/types';
import { Button, Icon } from '@shared/ui';
import type { Draft } from './draft';
import { fieldOf } from './merge';
import { t, type DeskKey } from './messages';

const NAMES: Record<string, DeskKey> = {
  occurred_at: 'occurredAt', place_text: 'place', weather: 'weather', accident_form: 'form', collision_type: 'collisionType', collision_object: 'collisionObject', road_type: 'roadType',
  road_class: 'roadClass', scene: 'sceneState', facts: 'facts', cause: 'cause', injured: 'injured', damage_cny: 'damage', reasons: 'reasons', vehicle_type: 'vehicleType', plate_number: 'plate',
  plate_type: 'plateType', insurer: 'insurer', insurance_certificate: 'certificate', licence_number: 'licence', collision_part: 'collisionPart', violations: 'scenario', liability: 'liability',
};
const LONG = ['facts', 'cause'];

function nameOf(pointer: string, file: Case): string {
  const [, first, id, field] = pointer.split('/') as [string, string, string?, string?];
  const name = NAMES[field ?? first];
  const party = file.parties.find((one) => one.id === id);
  return `${party ? `${t('party', { label: partyMark(party.label) })} · ` : ''}${name ? t(name) : field ?? first}`;
}

/** As the form shows it. */
export function shown(pointer: string, value: unknown, codes: Codes): string {
  const field = pointer.split('/').pop()!;
  if (value === null || value === undefined || value === '') return '—';
  if (field === 'occurred_at') return dayAndTime(String(value));
  if (field === 'liability') return codeText('liability', String(value));
  if (field === 'violations') return (value as string[]).map((code) => { const act = codes.scenarios.find((one) => one.code === code); return act ? pickField(act, 'title') : code; }).join('、') || '—';
  if (field === 'reasons') return (value as Reason[]).map((reason, index) => `${index + 1}. ${reason.text}`).join('\n') || '—';
  const list = (codes as unknown as Record<string, Code[] | undefined>)[field];
  const code = Array.isArray(list) ? list.find((one) => one.code === value) : undefined;
  return code ? pick(code) : String(value);
}

export function Clashes({ draft, file, codes }: { draft: Draft; file: Case; codes: Codes }) {
  const { clashes, body } = useStore(draft);
  if (clashes.length === 0) return null;
  return (
    <section class="clashes" aria-label={t('clashes')} data-testid="clashes">
      <h3 role="alert"><Icon name="warning" size="s" />{t('clashes')}</h3>
      {clashes.map(({ pointer, theirs }) => {
        const mine = fieldOf(body, pointer);
        const settle = (value: unknown) => () => draft.settle(pointer, value);
        return (
          <div key={pointer} class="clash" data-testid={`clash-${pointer}`}>
            <b>{nameOf(pointer, file)}</b>
            <dl>
              <dt>{t('clashMine')}</dt><dd>{shown(pointer, mine, codes)}</dd>
              <dt>{t('clashTheirs')}</dt><dd>{shown(pointer, theirs, codes)}</dd>
            </dl>
            <div class="clash__ways">
              <Button size="s" testid="clash-mine" onClick={settle(mine)}>{t('clashKeepMine')}</Button>
              <Button size="s" testid="clash-theirs" onClick={settle(theirs)}>{t('clashTakeTheirs')}</Button>
              {LONG.includes(pointer.slice(1)) && <Button size="s" testid="clash-both" onClick={settle(`${String(theirs ?? '')}\n${String(mine ?? '')}`)}>{t('clashBoth')}</Button>}
            </div>
          </div>
        );
      })}
    </section>
  );
}
