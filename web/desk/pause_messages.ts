// Words of a party that feels pressed, at the desk.
import { catalogue, translator } from '@shared/i18n';

export const pauseMessages = catalogue({
  title: '有人感到压力', of: '{label}方要求暂停签名 · {number}', banner: '{label}方私下表示有压力，签名已暂停。', private: '只有您和值班长知道，不要告诉其他当事人。请与{label}方单独说话，再决定怎样继续。', handle: '处理', pressed: '{label}方感到压力',
  other_party: '对方在催、在逼', officer: '民警催得急', hurry: '需要更多时间', not_understood: '内容没看懂', other: '其他', none: '没有说明',
  outcome: '怎样继续', goes_on: '单独谈过，继续签名', officer_sent: '派警到现场', document_withdrawn: '撤回协议书，由民警认定', note: '处理情况', noteHint: '封存在案，当事人看不到。', done: '已处理', resolve: '记录并继续',
}, {
  title: 'Somebody feels pressed', of: 'Party {label} asks for a pause in signing · {number}', banner: 'Party {label} has said in private that it feels pressed. Signing is paused.', private: 'Only you and the supervisor know; don’t tell the others. Speak with party {label} alone, then decide how it goes on.', handle: 'Deal with it', pressed: 'Party {label} feels pressed',
  other_party: 'the other side presses', officer: 'the officer hurries', hurry: 'needs more time', not_understood: 'does not understand it', other: 'something else', none: 'said nothing more',
  outcome: 'How it goes on', goes_on: 'Spoke alone; signing goes on', officer_sent: 'Send an officer', document_withdrawn: 'Withdraw the agreement; an officer determines', note: 'What was done', noteHint: 'Sealed with the case; no party sees it.', done: 'Dealt with', resolve: 'Record it and go on',
});
export type PauseKey = keyof typeof pauseMessages.zh;
export const tp = translator(pauseMessages);
