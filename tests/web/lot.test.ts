// The same table holds the domain (tests/unit/domain/draw.c).
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Draw } from '@shared/types';
import { commitmentOf, isRight, placeOf } from '@web/desk/lot';

interface Vector { number: number; case_id: string; seed: string; commitment: string; count: number; place: number }
const { draws } = JSON.parse(readFileSync('../tests/vectors/draw.json', 'utf8')) as { draws: Vector[] };
const id = (n: number) => `01935cd1-7f00-7000-8000-${String(n).padStart(12, '0')}`;

const drawn = ({ number, case_id, seed, commitment, count, place }: Vector): Draw => {
  const candidates = Array.from({ length: count }, (_, n) => ({ id: id(n), name: `officer ${n}` }));
  return { number, case_id, case_number: 'C-20261123-000001', seed, commitment, candidates, chosen: candidates[place]!, committed_at: '', drawn_at: '', outcome: null, right: true };
};

beforeAll(() => { if (!globalThis.crypto?.subtle) Object.defineProperty(globalThis, 'crypto', { value: webcrypto }); });

test('the table is there', () => expect(draws.length).toBeGreaterThan(5));

test.each(draws)('draw $number among $count', async (one) => {
  expect(await commitmentOf(one.seed)).toBe(one.commitment);
  expect(await placeOf(one.seed, one.number, one.case_id, one.count)).toBe(one.place);
  expect(await isRight(drawn(one))).toBe(true);
});

test('a draw that was bent is found, whatever the service says of it', async () => {
  const good = drawn(draws[3]!);
  const bent: Partial<Draw>[] = [
    { chosen: good.candidates[(draws[3]!.place + 1) % 3]! }, { number: 8 }, { case_id: id(9) }, { seed: draws[4]!.seed }, { commitment: draws[4]!.commitment },
    { candidates: [...good.candidates].reverse() }, { candidates: [] }, { candidates: [...good.candidates, { id: id(5), name: 'one more' }, { id: id(6), name: 'and another' }] }, { seed: '' },
  ];
  for (const change of bent) expect(await isRight({ ...good, ...change }), JSON.stringify(change)).toBe(false);
});
