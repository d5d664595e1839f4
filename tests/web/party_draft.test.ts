// A party's form that saves itself: merged with other windows, kept over a reload, one wrong field holds up no other.
import { ApiError } from '@shared/api';
import type { Case, Party, PartyParticulars } from '@shared/types';
import { PartyDraft, formOf, mergeForms, type PartyForm } from '@web/desk/party_draft';
import { UnsentStore } from '@web/desk/unsent';

class Service {
  party: Partial<Party> = { id: 'a', name: '张三', phone: '13800000000' };
  version = 1;
  sent: PartyParticulars[] = [];
  down = false;
  wrong: string[] = [];
  async patchParty(_id: string, _party: string, body: PartyParticulars, version?: number) {
    if (this.down) throw new ApiError(0, { status: 0 });
    if (version !== this.version) throw new ApiError(412, { status: 412 });
    const errors = Object.keys(body).filter((key) => this.wrong.includes(key)).map((key) => ({ pointer: `/${key}`, message: '不对 / wrong' }));
    if (errors.length) throw new ApiError(422, { status: 422, errors });
    this.sent.push(body);
    this.write(body);
    return { party: this.party as Party };
  }
  write(body: PartyParticulars) { this.party = { ...this.party, ...body }; this.version += 1; }
  get file() { return { id: 'case', version: this.version, parties: [{ ...this.party }] } as unknown as Case; }
  async getCase() { return this.file; }
}
const memory = () => { const kept = new Map<string, string>(); return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value); }, removeItem: (key: string) => { kept.delete(key); }, kept }; };
const open = (service: Service, storage = memory()) => new PartyDraft(service, 'case', 'a', service.file, new UnsentStore<PartyForm>(storage, 'me', Date.now, 'p-'));

test('only what was changed goes out, once it rests', async () => {
  vi.useFakeTimers();
  const service = new Service(), storage = memory(), draft = open(service, storage);
  draft.edit('name', '李'); draft.edit('name', '李四');
  expect(storage.kept.size).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(service.sent).toEqual([{ name: '李四' }]);
  expect(draft.value.saved).toBe('saved');
  expect(storage.kept.size).toBe(0);
  vi.useRealTimers();
});

test('another window’s fields are taken over; the same field in both is put to the officer', async () => {
  const service = new Service(), draft = open(service);
  draft.edit('name', '李四');
  service.write({ insurer: '平安产险' });
  draft.follow(service.file);
  expect(draft.value.form).toMatchObject({ name: '李四', insurer: '平安产险' });
  service.write({ name: '李斯' }); // while this one's save is on its way
  expect(await draft.save()).toBe(false);
  expect(draft.value.clashes).toEqual([{ key: 'name', theirs: '李斯' }]);
  expect(service.party.name).toBe('李斯');
  expect(draft.value.form.name).toBe('李四');
  draft.settle('name', '李四');
  expect(await draft.save()).toBe(true);
  expect(service.party.name).toBe('李四');
});

test('a reload brings back what was not saved', async () => {
  const service = new Service(), storage = memory(), before = open(service, storage);
  service.down = true;
  before.edit('phone', '13900000001');
  expect(await before.save()).toBe(false);
  service.down = false;
  const after = open(service, storage);
  expect(after.value.form.phone).toBe('13900000001');
  expect(await after.save()).toBe(true);
  expect(service.party.phone).toBe('13900000001');
  expect(storage.kept.size).toBe(0);
});

test('what is typed half-way waits; what the service refuses holds up nothing else', async () => {
  const service = new Service(), storage = memory(), draft = open(service, storage);
  draft.edit('phone', '139'); draft.edit('name', '李四');
  expect(await draft.save()).toBe(false);
  expect(service.sent).toEqual([{ name: '李四' }]);
  expect(storage.kept.size).toBe(1);
  service.wrong = ['insurer'];
  draft.edit('insurer', '没有这家'); draft.edit('name', '王五');
  expect(await draft.save()).toBe(false);
  expect(service.party.name).toBe('王五');
  expect(draft.value.errors).toEqual({ insurer: '不对 / wrong' });
  expect(draft.value.saved).toBe('refused');
});

test('an emptied field takes its value away; the service’s way of writing is taken over', async () => {
  const service = new Service(), draft = open(service);
  draft.edit('phone', '');
  draft.edit('insurer', 'picc');
  const patch = service.patchParty.bind(service);
  service.patchParty = async (...all) => { const reply = await patch(...all); service.write({ insurer: '人保财险' }); return reply; };
  expect(await draft.save()).toBe(true);
  expect(service.sent).toEqual([{ phone: null, insurer: 'picc' }]);
  expect(draft.value.form).toMatchObject({ phone: '', insurer: '人保财险' });
});

test('merging field by field', () => {
  const base = formOf({ name: 'a', phone: '1' });
  expect(mergeForms(base, { ...base, name: 'b' }, { ...base, name: 'b', phone: '2' })).toEqual({ form: { ...base, name: 'b', phone: '2' }, clashes: [] });
  expect(mergeForms(base, { ...base, name: 'b' }, { ...base, name: 'c' })).toEqual({ form: { ...base, name: 'b' }, clashes: [{ key: 'name', theirs: 'c' }] });
});
