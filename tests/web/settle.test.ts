import { describe, expect, it } from 'vitest';
import type { Agreement, Case } from '@shared/types';
import { faultOf, firstStep, openOf, payer, stepOf, withFault, withParty, withPayment } from '../../web/driver/settle';

const party = (party_id: string) => ({
  party_id, name: null, phone: null, id_number: null, damage_cny: null, vehicle_type: null, plate_number: null, plate_type: null, insurer: null,
  insurance_certificate: null, licence_number: null, collision_part: null, violations: [], liability: null,
});
const draft = (): Agreement => ({
  occurred_at: null, place_text: null, weather: null, accident_form: null, collision_type: null, collision_object: null, facts: null,
  parties: [party('a'), party('b')], compensation: null, payments: [],
});
const of = (pointers: string[], stills = 1) => ({
  stills: Array.from({ length: stills }), agreement: { draft: draft(), missing: pointers.map((pointer) => ({ pointer, message: 'x' })) },
}) as unknown as Case;

describe('who is liable', () => {
  it('is one choice, seen from either side', () => {
    const full = withFault(draft(), 'a', 'mine');
    expect(full.parties.map((one) => one.liability)).toEqual(['full', 'none']);
    expect(faultOf(full, 'a')).toBe('mine');
    expect(faultOf(full, 'b')).toBe('theirs');
    expect(faultOf(withFault(draft(), 'b', 'mostly_theirs'), 'a')).toBe('mostly_mine');
    expect(faultOf(draft(), 'a')).toBeNull();
  });
  it('asks again what is paid when it changes, and not when it does not', () => {
    const paid = withPayment(withFault(draft(), 'a', 'mine'), 'a', 800);
    expect(withFault(paid, 'a', 'mine')).toBe(paid);
    expect(withFault(paid, 'a', 'equal')).toMatchObject({ compensation: null, payments: [] });
  });
  it('says who pays; of equals nobody alone', () => {
    expect(payer(withFault(draft(), 'a', 'theirs'))).toBe('b');
    expect(payer(withFault(draft(), 'a', 'mostly_mine'))).toBe('a');
    expect(payer(withFault(draft(), 'a', 'equal'))).toBeNull();
  });
});

describe('a payment', () => {
  it('goes to the other party', () => {
    expect(withPayment(draft(), 'b', 300)).toMatchObject({ compensation: 'private', payments: [{ from_party_id: 'b', to_party_id: 'a', amount_cny: 300 }] });
  });
});

describe('what is still open', () => {
  it('is asked by the question that answers it', () => {
    const rows: [string, string | null][] = [
      ['/weather', 'weather'], ['/collision_type', 'how'], ['/compensation', 'pay'], ['/payments/0/amount_cny', 'pay'], ['/parties', 'other'],
      ['/parties/0/vehicle_type', 'vehicle'], ['/parties/0/licence_number', 'papers'], ['/parties/0/collision_part', 'part'],
      ['/parties/1/liability', 'fault'], ['/parties/1/licence_number', null], ['/occurred_at', 'review'],
    ];
    for (const [pointer, step] of rows) expect(stepOf(pointer, draft(), 'a'), pointer).toBe(step);
  });
  it('is one’s own, or the other’s', () => {
    const { own, others } = openOf(of(['/parties/0/insurer', '/parties/1/insurer'], 0), [{ pointer: '/parties/0/insurer', message: 'x' }, { pointer: '/parties/1/insurer', message: 'x' }], 'a');
    expect(own.map((one) => one.step)).toEqual(['photos', 'papers']);
    expect(others).toBe(true);
  });
  it('says where a party begins', () => {
    expect(firstStep(of(['/weather'], 0), 'a')).toBe('photos');
    expect(firstStep(of(['/parties/1/insurer', '/weather']), 'a')).toBe('weather');
    expect(firstStep(of(['/parties/1/insurer', '/weather']), 'b')).toBe('papers');
    expect(firstStep(of([]), 'a')).toBe('review');
  });
});

describe('a party', () => {
  it('changes alone', () => {
    const changed = withParty(draft(), 'b', { collision_part: 'rear' });
    expect(changed.parties.map((one) => one.collision_part)).toEqual([null, 'rear']);
  });
});
