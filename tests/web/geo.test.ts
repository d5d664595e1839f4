import { distanceM, distanceText, nearest, pointText, rounded } from '@web/desk/geo';

const here = { latitude: 33.8704, longitude: 109.9187 };

test('distance', () => {
  expect(distanceM(here, here)).toBe(0);
  expect(Math.round(distanceM({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 1 }) / 100)).toBe(1112);
  expect(distanceM({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeLessThan(112_000);
});
test('nearest', () => {
  expect(nearest(here, [])).toBeNull();
  expect(nearest(here, [{ name: 'far', latitude: 34, longitude: 110 }, { name: 'near', latitude: 33.862, longitude: 109.945 }])?.one.name).toBe('near');
});
test('words', () => {
  expect(pointText(here)).toBe('33.87040, 109.91870');
  expect([4, 944, 960, 12_345].map(distanceText)).toEqual(['0 m', '940 m', '1.0 km', '12.3 km']);
  expect(rounded({ latitude: 33.12345678, longitude: 190 })).toEqual({ latitude: 33.123457, longitude: -170 });
});
