// Which vehicles a case is of, in a word.
import type { CaseSummary } from '@shared/types';

export const plates = (one: CaseSummary) => one.parties.map((party) => party.plate_number ?? party.name ?? party.label).join(' / ');
