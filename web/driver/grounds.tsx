// Why by video or why not, with its basis; and where somebody is hurt, help before anything else.
import { pickField } from '@shared/i18n';
import type { Case } from '@shared/types';
import { Banner, LinkButton, Pill } from '@shared/ui';
import { t } from './messages';

type Assessed = Pick<Case, 'eligibility'>;

export function Grounds({ of }: { of: Assessed }) {
  return (
    <ul class="grounds" aria-label={t('why')} data-testid="grounds">
      {of.eligibility.grounds.map((ground) => (
        <li key={ground.code} data-testid={`ground-${ground.code}`}>
          <b>{pickField(ground, 'title') || ground.code}</b>
          <small>{ground.kind === 'local_policy' ? <Pill>{t('localPolicy')}</Pill> : null} {t('basis', { basis: ground.legal_basis })}</small>
        </li>))}
    </ul>
  );
}

/** One decimal below ten kilometres, none above. */
export const kilometres = (metres: number): string => (metres < 10_000 ? Math.max(0.1, metres / 1000).toFixed(1) : String(Math.round(metres / 1000)));

export function Hurt({ of }: { of: Assessed }) {
  const { help } = of.eligibility;
  if (!help) return null;
  const { hospital } = help;
  return (
    <Banner tone="bad" icon="warning" title={t('hurtTitle')} testid="hurt"
      action={<LinkButton href={`tel:${help.emergency_phone}`} kind="alarm" size="m" icon="phone" testid="hurt-call">{t('callNow', { number: help.emergency_phone })}</LinkButton>}>
      {hospital && (
        <p class="hospital" data-testid="hospital">
          {t('hospitalNear')}: <b>{pickField(hospital, 'name')}</b>
          {hospital.distance_m !== null && <> · {t('hospitalFar', { km: kilometres(hospital.distance_m) })}</>}
          {hospital.green_channel && <> · {t('hospitalGreen')}</>}
          {hospital.phone && !hospital.example && <> · <a href={`tel:${hospital.phone}`}>{hospital.phone}</a></>}
          {hospital.example && <> <Pill tone="warn" testid="hospital-example">{t('hospitalExample')}</Pill></>}
        </p>)}
    </Banner>
  );
}
