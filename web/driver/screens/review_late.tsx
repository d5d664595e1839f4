// The review's own screen is fetched when a case first has to do with one: most never do.
import { useLate } from '@shared/late';
import type { Case } from '@shared/types';
import type { PartySession } from '../session';
import { Limits } from './limits';

interface Props { session: PartySession; of: Case }
const load = () => import('./review');

/** How far it is, once somebody asked for one. */
export function ReviewOf({ session, of }: Props) {
  const late = useLate(load);
  return of.review && late ? <late.ReviewState session={session} of={of} review={of.review} /> : null;
}

/** The limits, with what can be done about them here. */
export function OwnLimits({ session, of }: Props) {
  const late = useLate(load);
  return <Limits of={of} action={(limit) => limit.code === 'REVIEW_REQUEST' && late ? <late.AskReview session={session} of={of} limit={limit} /> : null} />;
}
