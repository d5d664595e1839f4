import { consentsOf, hasPlace, newDraft, nextStep, previousStep, toNewCase, whoErrors, type Draft } from '@web/driver/intake';
import { tokenOfPath } from '@web/driver/link';
import { answer, isGrave, onlyDetail, QUESTIONS, toggle, toTriage, type Answers, type Flag } from '@web/driver/triage';

const none = Object.fromEntries(QUESTIONS.map((question) => [question.id, []])) as Answers;
const draft = (part: Partial<Draft> = {}): Draft => ({ ...newDraft(new Date('2026-11-23T09:36:00Z')), ...part });

test('six times no is a clean triage', () => expect(toTriage(none)).toEqual({
  death: false, injury: 'none', licence_problem: false, alcohol_or_drugs: false, overloaded_or_speeding_passenger_vehicle: false, plate_problem: false,
  cannot_move: false, party_left: false, intent: false, no_inspection_or_insurance_mark: false, facility_damage: false, hazardous_goods: false,
  all_parties_agree: false, vehicles_moved: false, late_report: false }));

test('there are six questions, and every field of the contract is asked exactly once', () => {
  expect(QUESTIONS).toHaveLength(6);
  const flags = QUESTIONS.flatMap((question) => question.details.map((detail) => detail.flag));
  expect(new Set(flags).size).toBe(flags.length);
  const field: Partial<Record<Flag, string>> = { injury_slight: 'injury', injury_serious: 'injury', injury_slight_agreed: 'all_parties_agree', expressway: 'road_type', thick_fog: 'weather' };
  const everything = toTriage({ other: ['expressway', 'thick_fog'] });
  expect(new Set(flags.map((flag) => field[flag] ?? flag))).toEqual(new Set(Object.keys(everything)));
});

test.each(QUESTIONS.flatMap((question) => question.details.map((detail) => [question.id, detail.flag] as const)))('%s: %s reaches the service', (id, flag) => {
  const triage = toTriage(answer(none, id, [flag])) as unknown as Record<string, unknown>;
  if (flag === 'injury_slight') expect(triage.injury).toBe('slight');
  else if (flag === 'injury_serious') expect(triage.injury).toBe('serious');
  else if (flag === 'injury_slight_agreed') expect(triage).toMatchObject({ injury: 'slight', all_parties_agree: true });
  else if (flag === 'expressway') expect(triage.road_type).toBe('10');
  else if (flag === 'thick_fog') expect(triage.weather).toBe('5');
  else expect(triage[flag]).toBe(true);
});

test('of injuries only the one chosen last holds; other details add up', () => {
  const [injury] = QUESTIONS;
  expect(toggle(injury!, ['injury_slight'], 'death')).toEqual(['death']);
  const papers = QUESTIONS.find((one) => one.id === 'papers')!;
  expect(toggle(papers, ['plate_problem'], 'no_inspection_or_insurance_mark')).toHaveLength(2);
  expect(toggle(papers, ['plate_problem'], 'plate_problem')).toEqual([]);
  expect(onlyDetail(QUESTIONS.find((one) => one.id === 'move')!)).toBe('cannot_move');
});

test('the whole way forward, and every step of it back', () => {
  let now = draft();
  const seen: string[] = [];
  for (;;) {
    seen.push(now.step.kind === 'question' ? `q${now.step.index}` : now.step.kind);
    if (now.step.kind === 'question') now = { ...now, answers: answer(now.answers, QUESTIONS[now.step.index]!.id, []) };
    const next = nextStep(now);
    if (next === 'submit') break;
    now = { ...now, step: next };
  }
  expect(seen).toEqual(['safety', 'q0', 'q1', 'q2', 'q3', 'q4', 'q5', 'place', 'who', 'consents']);
  const back: string[] = [];
  for (let step = previousStep(now); step; step = previousStep(now)) {
    back.push(step.kind === 'question' ? `q${step.index}` : step.kind);
    now = { ...now, step };
  }
  expect(back).toEqual(['who', 'place', 'q5', 'q4', 'q3', 'q2', 'q1', 'q0', 'safety']);
});

test.each<[string, Partial<Draft>]>([
  ['a bad injury', { answers: { injury: ['injury_serious'] } }], ['a death', { answers: { injury: ['death'] } }], ['an officer wanted', { wantsOfficer: true }],
])('%s takes the short way', (_name, part) => {
  expect(nextStep(draft({ ...part, step: { kind: 'question', index: 0 } }))).toEqual({ kind: 'place' });
  expect(nextStep(draft({ ...part, step: { kind: 'who' } }))).toBe('submit');
  expect(whoErrors(draft({ ...part, phone: '13800000000' }))).toEqual([]);
});
test('a slight injury is asked on', () => expect(isGrave({ injury: ['injury_slight'] as Flag[] })).toBe(false));

test.each<[Partial<Draft>, string[]]>([
  [{}, ['plate', 'phone', 'name']], [{ plate: '陕H12345', phone: '13800000000', name: '张三' }, []],
  [{ noPlate: true, phone: '138 0000 0000', name: 'Anna' }, []], [{ plate: '陕H1234', phone: '138', name: '张' }, ['plate', 'phone', 'name']],
  [{ plate: '陕HD80116', phone: '0914-2312345', name: '李四' }, []],
])('kind checks %#', (part, errors) => expect(whoErrors(draft(part))).toEqual(errors));

test('without a motor vehicle no plate is asked for, nor sent', () => {
  const rider = draft({ kind: 'non_motor', phone: '13800000000', name: '李四', plate: '陕H12345', idNumber: '6125O1199OO1O11239' });
  expect(whoErrors(rider)).toEqual([]);
  expect(whoErrors({ ...rider, idNumber: '612501199001011238' })).toEqual(['id-number']);
  expect(toNewCase(rider).party).toEqual({ kind: 'non_motor', phone: '13800000000', name: '李四', id_number: '612501199001011239' });
  expect(toNewCase(draft({ kind: 'motor', alone: true })).triage.single_vehicle).toBe(true);
  expect(toNewCase(draft({ kind: 'pedestrian', alone: true })).triage.single_vehicle).toBe(false);
});
test('who says that all agree agrees too', () =>
  expect(toNewCase(draft({ answers: { injury: ['injury_slight_agreed'] }, recordingConsent: true })).consents).toEqual(['recording', 'simplified_procedure']));

test('position goes out only with its consent', () => {
  const located = { latitude: 33.8704, longitude: 109.9187, accuracyM: 12.4, placeText: ' 北新街 ', plate: '陕HD80116', phone: '+8613800000000', name: ' 张三 ', recordingConsent: true };
  const agreed = toNewCase(draft({ ...located, locationConsent: true }));
  expect(agreed.place).toEqual({ text: '北新街', latitude: 33.8704, longitude: 109.9187, accuracy_m: 12 });
  expect(agreed.consents).toEqual(['recording', 'location']);
  expect(agreed.party).toEqual({ kind: 'motor', phone: '13800000000', name: '张三', plate_number: '陕HD80116', plate_type: '52' });
  const refused = toNewCase(draft({ ...located, locationConsent: false }));
  expect(refused.place).toEqual({ text: '北新街' });
  expect(refused.consents).toEqual(['recording']);
});

test('no consent is given by default', () => expect(consentsOf(draft({ latitude: 1, longitude: 1 }))).toEqual([]));
test('a place is a position or words', () => {
  expect(hasPlace(draft())).toBe(false);
  expect(hasPlace(draft({ placeText: '北新街' }))).toBe(true);
  expect(hasPlace(draft({ latitude: 1 }))).toBe(true);
});
test.each([['/p/abc-DEF_1', 'abc-DEF_1'], ['/p/abc/', 'abc'], ['/', null], ['/p/', null], ['/p/a/b', null], ['/desk', null]])('link %s', (path, token) => expect(tokenOfPath(path)).toBe(token));
