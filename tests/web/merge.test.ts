import { ApiError } from '@shared/api';
import type { Case, Determination, DeterminationParty } from '@shared/types';
import { Draft } from '@web/desk/draft';
import { merge, rebase, same, withTheirs } from '@web/desk/merge';
import { UnsentStore } from '@web/desk/unsent';

const party = (id: string, more: Partial<DeterminationParty> = {}): DeterminationParty => ({
  party_id: id, vehicle_type: null, plate_number: null, plate_type: null, insurer: null, insurance_certificate: null, licence_number: null, collision_part: null, violations: [], liability: null, ...more,
});
const body = (more: Partial<Determination> = {}): Determination => ({
  occurred_at: null, place_text: null, weather: null, accident_form: null, collision_type: null, collision_object: null, road_type: null, road_class: null, scene: null, facts: null, cause: null,
  injured: 0, damage_cny: null, parties: [party('a'), party('b')], reasons: [], ...more,
});

test('what only one side changed is taken, from either side, field by field', () => {
  const base = body({ facts: 'old' });
  const mine = body({ facts: 'old', weather: '1', parties: [party('a', { liability: 'full' }), party('b')] });
  const theirs = body({ facts: 'new', parties: [party('a'), party('b', { liability: 'none' }), party('c')] });
  const merged = merge(base, mine, theirs);
  expect(merged.clashes).toEqual([]);
  expect(merged.body).toEqual(body({ facts: 'new', weather: '1', parties: [party('a', { liability: 'full' }), party('b', { liability: 'none' }), party('c')] }));
});

test('what both changed stays as typed, is named, and is saved as the other left it', () => {
  const base = body({ facts: 'old' });
  const theirs = body({ facts: 'theirs' });
  const merged = merge(base, body({ facts: 'mine' }), theirs);
  expect(merged.clashes).toEqual([{ pointer: '/facts', theirs: 'theirs' }]);
  expect(merged.body.facts).toBe('mine');
  expect(withTheirs(merged.body, merged.clashes).facts).toBe('theirs');
  expect(merge(rebase(base, theirs, merged.clashes), merged.body, theirs).clashes).toEqual(merged.clashes); // seen twice, not forgotten
});

test('the same change by both is none, nor are blanks, an empty text, or names without a value', () => {
  expect(merge(body(), body({ facts: 'x', damage_cny: 5 }), body({ facts: 'x ', damage_cny: 5 })).clashes).toEqual([]);
  expect(same('', null)).toBe(true);
  expect(same([{ text: 'a', evidence: [{ kind: 'still', id: '1', at_ms: null }] }], [{ evidence: [{ id: '1', kind: 'still' }], text: 'a ' }])).toBe(true);
  expect(same(['A', 'B'], ['B', 'A'])).toBe(false);
});

/** A service with one case, and windows on it. */
class Service {
  kept: Determination | null = null;
  version = 1;
  down = false;
  readonly storage = new Map<string, string>(); // all its windows are one after the other: the same window, loaded again
  now = 0;
  file = (): Case => ({ id: 'case', version: this.version, state: 'in_call', created_at: '2026-11-23T08:00:00.000Z', occurred_at: null, place: { text: null }, determination: structuredClone(this.kept), documents: [], parties: [{ id: 'a', label: 'A' }, { id: 'b', label: 'B' }] }) as unknown as Case;
  api = {
    getCase: async () => this.file(),
    putDetermination: async (_: string, sent: Determination, version: number) => {
      if (this.down) throw new TypeError('no network');
      if (version !== this.version) throw new ApiError(412, { type: 'about:blank', title: 'changed', status: 412 });
      this.kept = structuredClone(sent);
      this.version++;
      return { determination: sent, missing: [] };
    },
  };
  window(user = 'me'): Draft {
    const storage = { getItem: (key: string) => this.storage.get(key) ?? null, setItem: (key: string, value: string) => void this.storage.set(key, value), removeItem: (key: string) => void this.storage.delete(key) };
    return new Draft(this.api, 'case', this.file(), new UnsentStore(storage, user, () => this.now));
  }
}

test('two windows that type in different fields lose nothing', async () => {
  const service = new Service();
  const [one, other] = [service.window(), service.window('colleague')];
  one.edit({ facts: 'facts' });
  other.edit({ cause: 'cause' });
  expect([await one.save(), await other.save()]).toEqual([true, true]);
  one.follow(service.file());
  for (const window of [one, other]) expect(window.value.body).toMatchObject({ facts: 'facts', cause: 'cause' });
  expect(service.kept).toMatchObject({ facts: 'facts', cause: 'cause' });
  expect(service.storage.size).toBe(0);
});

test.each([['mine', 'second'], ['theirs', 'first'], ['both', 'first\nsecond']] as const)('two windows that type in one field: %s', async (way, wanted) => {
  const service = new Service();
  const [one, other] = [service.window(), service.window('colleague')];
  one.edit({ facts: 'first' });
  await one.save();
  other.edit({ facts: 'second', weather: '1' });
  expect(await other.save()).toBe(false); // not to be issued like this
  expect(service.kept).toMatchObject({ facts: 'first', weather: '1' });
  expect(other.value).toMatchObject({ body: { facts: 'second' }, clashes: [{ pointer: '/facts', theirs: 'first' }] });
  expect(service.window('colleague').value).toMatchObject({ body: { facts: 'second' }, clashes: [{ pointer: '/facts', theirs: 'first' }] }); // over a reload
  other.settle('/facts', way === 'mine' ? 'second' : way === 'theirs' ? 'first' : 'first\nsecond');
  expect(await other.save()).toBe(true);
  expect(service.kept!.facts).toBe(wanted);
  expect(service.storage.size).toBe(0);
});

test('what could not be saved is there after a reload, for its author alone, for a day', async () => {
  const service = new Service();
  service.down = true;
  const lost = service.window();
  lost.edit({ facts: 'typed in a tunnel' });
  expect(await lost.save()).toBe(false);
  expect(service.window('colleague').value.body.facts).toBeNull();
  service.down = false;
  const again = service.window();
  expect(again.value.body.facts).toBe('typed in a tunnel');
  expect(await again.save()).toBe(true);
  expect(service.kept!.facts).toBe('typed in a tunnel');
  expect(service.storage.size).toBe(0);

  lost.edit({ facts: 'older than a day' });
  service.now = 25 * 3600e3;
  expect(service.window().value.body.facts).toBe('typed in a tunnel');
});

test('typing goes on while a save is on its way', async () => {
  const service = new Service();
  const draft = service.window();
  draft.edit({ facts: 'a' });
  const saving = draft.save();
  draft.edit({ facts: 'ab' });
  draft.follow(service.file());
  await saving;
  expect(draft.value).toMatchObject({ body: { facts: 'ab' }, clashes: [] });
  await draft.save();
  expect(service.kept!.facts).toBe('ab');
});
