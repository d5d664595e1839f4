// The same table holds the domain (tests/unit/domain/particulars.c).
import { readFileSync } from 'node:fs';
import { lang } from '@web/shared/i18n';
import { kindWord, normalise, problemOf, type ParticularField, type ParticularProblem } from '@web/shared/particulars';

interface Vector { field: ParticularField; typed: string; becomes: string; problem: ParticularProblem | null; plate_type?: string | null }
const { cases } = JSON.parse(readFileSync('../tests/vectors/particulars.json', 'utf8')) as { cases: Vector[] };

test('the table is there', () => expect(cases.length).toBeGreaterThan(100));

test.each(cases.map((one) => [one.field, one.plate_type ?? '-', one.typed, one] as const))('%s %s "%s"', (field, _type, typed, vector) => {
  const normal = normalise(field, typed);
  expect(normal).toBe(vector.becomes);
  expect(problemOf(field, normal, vector.plate_type ?? null)).toBe(vector.problem);
  expect(normalise(field, normal)).toBe(normal);
});

test('a kind word in both languages, with an example of that type of plate; none for what is empty', () => {
  expect(kindWord('plate_number', '陕H12345', '52')).toContain('陕HD12345');
  expect(kindWord('id_number', '612501199001011238')).toContain('校验');
  expect(kindWord('phone', '  ')).toBeNull();
  expect(kindWord('phone', '138 0000 0000')).toBeNull();
  lang.set('en');
  expect(kindWord('id_number', '612501199001011238')).toContain('check digit');
  lang.set('zh-CN');
});
