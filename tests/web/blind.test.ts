import { describe, expect, it } from 'vitest';
import { answerWords } from '@web/audit/blind_compare';
import { rateText } from '@web/audit/blind_rates';

const forms = [{ code: '11', zh: '碰撞运动车辆', en: 'collision with a moving vehicle' }] as Parameters<typeof answerWords>[2];

describe('what two looks came to', () => {
  it('is said in words, of a split party by party', () => {
    expect(answerWords('liability', 'A=full B=none', forms)).toBe('甲 全部责任 · 乙 无责任');
    expect(answerWords('accident_form', '11', forms)).toBe('碰撞运动车辆');
    expect(answerWords('accident_form', '99', forms)).toBe('99');
    expect(answerWords('safety', '4', forms)).toBe('4 分');
    expect(answerWords('safety', null, forms)).toBe('首次未评');
  });
  it('is counted with its interval', () => {
    expect(rateText({ period: null, question: 'liability', count: 3, agreed: 2, share: 0.666667, low: 0.207655, high: 0.938511, kappa: 0.5 })).toBe('66.7% (20.8–93.9)');
  });
});
