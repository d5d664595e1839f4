// Kind checks: they help a person to get it right and never refuse what could be right.
export const isPhone = (text: string) => /^(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\+\d{8,15})$/.test(cleanPhone(text));
export const cleanPhone = (text: string) => text.normalize('NFKC').replace(/[\s()]/g, '').replace(/^\+?86(?=1[3-9]\d{9}$)/, '');
export const isName = (text: string) => [...text.trim()].length >= 2 && [...text.trim()].length <= 60 && !/\d/.test(text);
