// One table of keys: each row has an owner that listens, nobody listens past it, no two rows want the same key.
import { keyMessages } from '@web/desk/key_messages';
import { KEYS, comboOf } from '@web/desk/keys';

const sources = import.meta.glob<string>(['../../web/desk/*.ts', '../../web/desk/*.tsx'], { eager: true, query: '?raw', import: 'default' });
const text = Object.values(sources).join('\n');
const press = (key: string, more: Partial<KeyboardEvent> = {}) => comboOf({ key, code: '', altKey: false, ctrlKey: false, metaKey: false, ...more });

test.each(Object.keys(KEYS))('%s is listened for, and named in the map', (name) => {
  expect(text).toContain(`useKey('${name}'`);
  expect(keyMessages.zh).toHaveProperty(KEYS[name as keyof typeof KEYS].what);
});

test('the map is the only listener', () => {
  const listeners = Object.entries(sources).filter(([, source]) => source.includes("window.addEventListener('keydown'")).map(([path]) => path.split('/').pop());
  expect(listeners).toEqual(['keys.ts']);
});

test('no key is wanted twice, but by a dialog', () => {
  for (const dialog of [false, true]) {
    const combos = Object.values(KEYS).filter((row) => ('dialog' in row) === dialog).flatMap((row) => [...row.combos]);
    expect(new Set(combos).size).toBe(combos.length);
  }
});

test('no word of the map is without a row', () => {
  const used = new Set<string>(['title', 'rest', ...Object.values(KEYS).flatMap((row) => [row.group, row.what])]);
  expect(Object.keys(keyMessages.zh).filter((key) => !used.has(key))).toEqual([]);
});

test('combos', () => {
  expect(press('A')).toBe('a');
  expect(press(' ')).toBe(' ');
  expect(press('?')).toBe('?');
  expect(press('Enter', { ctrlKey: true })).toBe('Ctrl+Enter');
  expect(press('Enter', { metaKey: true })).toBe('Ctrl+Enter');
  expect(press('1', { altKey: true, code: 'Digit1' })).toBe('Alt+1');
  expect(press('ü', { altKey: true, code: 'KeyU' })).toBe('Alt+u');
  expect(press('ArrowLeft')).toBe('ArrowLeft');
});
