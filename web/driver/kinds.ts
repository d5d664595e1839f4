import type { PartyKind } from '@shared/types';
import { t } from './messages';

const KINDS: readonly PartyKind[] = ['motor', 'non_motor', 'pedestrian'];

/** How somebody took part, to choose from. */
export const kinds = () => KINDS.map((value) => ({ value, text: t(`kind_${value}`) }));
