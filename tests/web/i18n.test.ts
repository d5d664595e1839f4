import { format, type Catalogue } from '@shared/i18n';

const modules = import.meta.glob<Record<string, unknown>>(['../../web/shared/messages.ts', '../../web/*/*messages.ts'], { eager: true });
const catalogues = Object.entries(modules).flatMap(([path, exports]) => Object.entries(exports)
  .filter((entry): entry is [string, Catalogue<string>] => typeof entry[1] === 'object' && entry[1] !== null && 'zh' in entry[1] && 'en' in entry[1])
  .map(([name, messages]) => ({ name: `${path.replace('../../web/', '')} ${name}`, messages })));

const choices = (text: string) => [...text.matchAll(/\{(\w+)\|/g)].map((match) => match[1]!);
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test('there are catalogues', () => expect(catalogues.length).toBeGreaterThanOrEqual(2));

describe.each(catalogues)('$name', ({ messages }) => {
  test('both languages have every key', () => expect(Object.keys(messages.en).sort()).toEqual(Object.keys(messages.zh).sort()));
  test.each(Object.keys(messages.zh))('%s: words and the same placeholders', (key) => {
    expect(messages.zh[key]!.trim()).not.toBe('');
    expect(messages.en[key]!.trim()).not.toBe('');
    expect(holes(messages.en[key]!)).toEqual(holes(messages.zh[key]!));
    for (const name of choices(messages.en[key]!)) expect(holes(messages.en[key]!)).toContain(name);
  });
});

test('placeholders are filled, unknown ones stay', () => expect(format('{a} of {b} {c}', { a: 1, b: 'two' })).toBe('1 of two {c}'));
test('one is not several', () => {
  const said = (n: string | number) => format('{n} {n|case is|cases are} found', { n });
  expect([said(0), said(1), said('1'), said(2), said('1,000')]).toEqual(['0 cases are found', '1 case is found', '1 case is found', '2 cases are found', '1,000 cases are found']);
  expect(format('{n|case|cases}', { m: 1 })).toBe('{n|case|cases}');
});
