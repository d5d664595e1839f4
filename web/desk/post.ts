// Two posts at the desk: one who guides and collects, one who determines (Order 146, art. 5). The service holds to it; the
// desk shows it before anybody is refused.
import { seat } from '@shared/staff';

export const mayDetermine = () => seat.value?.user.role === 'officer';
