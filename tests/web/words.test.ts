import { lang, said } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { isPlate, parsePlate, plateText, plateTypeOf, showPlate } from '@shared/plate';
import { partyMark } from '@shared/party';
import { bytesText, clock, dayAndTime, position, sinceMs, waitText } from '@shared/time';
import { cleanPhone, isName, isPhone } from '@shared/validate';

test.each([['陕H12345', '陕', 'H12345'], ['陕h·12345', '陕', 'H12345'], [' h 123 45', '陕', 'H12345'], ['京A-D12345', '京', 'AD12345'], ['ｈ１２３４５', '陕', 'H12345'], ['', '陕', '']])('plate %s', (text, province, rest) =>
  expect(parsePlate(text)).toEqual({ province, rest }));
test('an empty plate is none', () => expect(plateText({ province: '陕', rest: '' })).toBe(''));
test.each([['陕H12345', true], ['陕HD80116', true], ['陕HI2345', false], ['陕H1234', false], ['陕H1234学', true], ['H12345', false], ['陕H1234567', false], ['中H12345', false]])('is %s a plate', (text, yes) => expect(isPlate(text)).toBe(yes));
test.each([['陕H12345', '02'], ['陕HD80116', '52'], ['陕H1234学', '16'], ['陕H1234挂', '15']])('type of %s', (text, type) => expect(plateTypeOf(text)).toBe(type));
test.each([['陕H12345', '陕H·12345'], [null, ''], ['无', '无']])('shown %s', (text, shown) => expect(showPlate(text)).toBe(shown));

test.each([['13800000000', true], ['138 0000 0000', true], ['+86 138 0000 0000', true], ['0914-2312345', true], ['12345', false], ['１３８００００００００', true]])('phone %s', (text, yes) => expect(isPhone(text)).toBe(yes));
test('a phone is cleaned', () => expect(cleanPhone('+86 138-0000-0000'.replaceAll('-', ' '))).toBe('13800000000'));
test.each([['张三', true], ['张', false], ['Anna Li', true], ['张3', false], ['阿卜杜拉·买买提', true]])('name %s', (text, yes) => expect(isName(text)).toBe(yes));

test.each([[0, '0:00'], [61000, '1:01'], [3661000, '1:01:01'], [-5, '0:00']])('clock %d', (ms, text) => expect(clock(ms)).toBe(text));
test('position', () => { expect(position(134320, true)).toBe('02:14.320'); expect(position(134320)).toBe('02:14'); });
test('the place’s clock is shown, whatever the phone’s zone', () => expect(dayAndTime('2026-11-23T16:30:00.000Z')).toMatch(/24.*00:30/));
test('a bad time shows as nothing', () => { expect(dayAndTime('x')).toBe(''); expect(sinceMs('x')).toBe(0); expect(sinceMs('2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1, 0, 0, 5))).toBe(5000); });
test('waits', () => { expect(waitText(30)).toBe('不到 1 分钟'); expect(waitText(95)).toBe('约 2 分钟'); lang.set('en'); expect(waitText(95)).toBe('about 2 minutes'); lang.set('zh-CN'); });
test('bytes', () => { expect(bytesText(999)).toBe('999 B'); expect(bytesText(1.25e6)).toBe('1.3 MB'); });
test('codes have words; an unknown code is shown as it is', () => { expect(codeText('state', 'in_call')).toBe('通话中'); expect(codeText('liability', 'full')).toBe('全部责任'); expect(codeText('state', 'new_one')).toBe('new_one'); expect(codeText('state', null)).toBe(''); });
test('of what the service says in both languages, one is shown', () => {
  expect(said('请选择天气。 / The weather is missing.')).toBe('请选择天气。'); expect(said('太长 too long')).toBe('太长 too long');
  lang.set('en'); expect(said('请选择天气。 / The weather is missing.')).toBe('The weather is missing.'); expect(said('only English')).toBe('only English'); lang.set('zh-CN');
});
test('a party is called as the reader, or the document, would', () => {
  expect(partyMark('B')).toBe('乙'); lang.set('en'); expect(partyMark('B')).toBe('B'); expect(partyMark('B', 'zh-CN')).toBe('乙'); lang.set('zh-CN');
});
