// Words of what a party may say and ask for itself: its consents, and that an officer step back. Loaded with the sheet.
import { catalogue, translator } from '@shared/i18n';

export const rightsMessages = catalogue({
  title: '我的权利', consents: '我的同意', consentsLead: '每一项分别由您决定，随时可以同意或撤回。', given: '已同意', notGiven: '未同意', since: '{at} 起', withdrawnAt: '{at} 撤回', told: '（口头告知民警{who}）',
  give: '同意', withdraw: '撤回', withdrawTitle: '撤回“{what}”？', withdrawYes: '确认撤回', withdrawNo: '不撤回', after: '撤回后：', basis: '依据：{basis}', history: '全部记录',
  recusal: '申请回避', recusalLead: '民警与事故当事人有亲属、利害或其他可能影响公正的关系的，您可以申请回避（道路交通事故处理程序规定第105条），由值班长在两个工作日内决定。', recusalOf: '办理民警：{name}', recusalReason: '理由', recusalNeeded: '请写明理由。', recusalSend: '提交申请',
  recusalSent: '申请已提交', recusalAsked: '{at} 申请{name}回避', recusalWaiting: '等待决定，最迟 {day}', recusalOpen: '等待决定', upheld: '同意回避，由其他民警办理', rejected: '不予回避', recusalNote: '说明：{note}', recusalNot: '民警接手以后才能申请。', recusalLate: '认定书已经出具。对认定有异议的，可以申请复核。',
}, {
  title: 'My rights', consents: 'My consents', consentsLead: 'Each is for you to decide by itself, and can be given or withdrawn at any time.', given: 'given', notGiven: 'not given', since: 'since {at}', withdrawnAt: 'withdrawn {at}', told: ' (told officer {who})',
  give: 'Agree', withdraw: 'Withdraw', withdrawTitle: 'Withdraw “{what}”?', withdrawYes: 'Withdraw it', withdrawNo: 'Leave it', after: 'What follows: ', basis: 'Basis: {basis}', history: 'All that was said',
  recusal: 'Ask for another officer', recusalLead: 'If the officer is a relative of somebody in the accident, has an interest in it, or any tie that may touch on fairness, you may ask that they step back (Order 146, art. 105). A supervisor decides within two working days.', recusalOf: 'Handled by {name}', recusalReason: 'Your reason', recusalNeeded: 'Please say why.', recusalSend: 'Send the request',
  recusalSent: 'The request has been sent', recusalAsked: 'Asked at {at} that {name} step back', recusalWaiting: 'waits for a decision, {day} at the latest', recusalOpen: 'waits for a decision', upheld: 'upheld: somebody else takes the case', rejected: 'rejected', recusalNote: 'Note: {note}', recusalNot: 'You can ask once an officer has taken the case.', recusalLate: 'The determination has been issued. If you disagree with it you can ask for a review.',
});
export type RightsKey = keyof typeof rightsMessages.zh;
export const tg = translator(rightsMessages);
