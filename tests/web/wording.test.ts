import { hanNumber } from '@web/desk/wording';

test('items are counted as the law counts them', () => {
  expect([1, 9, 10, 11, 19, 20, 21, 99].map(hanNumber)).toEqual(['一', '九', '十', '十一', '十九', '二十', '二十一', '九十九']);
});
