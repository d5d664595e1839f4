// Kind checks: they help a person to get it right and never refuse what could be right.
import { normalise, problemOf } from './particulars';

export const cleanPhone = (text: string) => normalise('phone', text);
export const isPhone = (text: string) => problemOf('phone', cleanPhone(text)) === null;
export const isName = (text: string) => [...text.trim()].length >= 2 && [...text.trim()].length <= 60 && !/\d/.test(text);
