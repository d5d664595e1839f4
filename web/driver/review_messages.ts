// Words of the review by the next higher unit; loaded with its screen.
import { catalogue, translator } from '@shared/i18n';

const messages = catalogue({
  ask: '申请复核', askTitle: '申请复核', askLead: '由上一级交警部门复核这份认定（{basis}）。每起事故只有一次复核，请写清楚。',
  until: '{day} 24 时前提交有效', number: '认定书 {number}',
  request: '您的请求', requestHint: '例如：撤销原认定，重新认定双方的责任', reasons: '理由', reasonsHint: '认定的哪些地方不对，为什么',
  evidence: '主要证据', evidenceHint: '例如：行车记录仪录像、证人姓名和电话、照片', needed: '请填写这一项',
  send: '提交申请', sending: '正在提交…', sent: '复核申请已提交',
  title: '复核', asked: '已申请', askedBy: '由{label}方申请', forwarded: '已移送上一级，已受理', concluded: '已作出复核结论', served: '结论已送达', withdrawn: '已撤回，复核终止',
  waiting: '最迟 {day}', onceOnly: '同一事故的复核以一次为限。',
  upheld: '维持原认定', upheld_corrected: '补正后维持原认定', anew: '责令重新调查、认定',
  anewText: '案件重新办理。原认定书和全部记录都保留，可以随时查看；新认定书作出后，原认定书撤销。',
  by: '复核单位', reviewers: '复核人员', findings: '复核意见', grounds: '原因', correction: '补正内容',
  facts_unclear: '事实不清', evidence_insufficient: '主要证据不足', law_wrong: '适用法律错误', liability_unfair: '责任划分不公正', procedure_unlawful: '违反法定程序，可能影响认定',
  whatYouWrote: '您写的内容', read: '复核结论', readCorrection: '补正书', suit: '法院已受理诉讼，已告知该法院复核情况：{court}',
  withdraw: '撤回申请', withdrawTitle: '撤回复核申请？', withdrawText: '撤回后复核终止，同一事故不能再次申请复核。仍可以向法院起诉。', withdrawYes: '撤回', withdrawNo: '不撤回',
}, {
  ask: 'Ask for a review', askTitle: 'Ask for a review', askLead: 'The traffic police unit above reviews this determination ({basis}). There is only one review of an accident, so write all of it.',
  until: 'In time until the end of {day}', number: 'Determination {number}',
  request: 'What you ask for', requestHint: 'For example: withdraw the determination and decide on the liability again', reasons: 'Your reasons', reasonsHint: 'What is wrong in the determination, and why',
  evidence: 'Main evidence', evidenceHint: 'For example: a dash-cam video, a witness’s name and number, photos', needed: 'Please fill this in',
  send: 'Send the request', sending: 'Sending…', sent: 'The request for a review has been sent',
  title: 'Review', asked: 'Asked for', askedBy: 'Asked for by party {label}', forwarded: 'Forwarded to the unit above, and accepted', concluded: 'Concluded', served: 'Conclusion served', withdrawn: 'Taken back; the review has ended',
  waiting: '{day} at the latest', onceOnly: 'There is one review of an accident.',
  upheld: 'The determination is upheld', upheld_corrected: 'Upheld after a correction', anew: 'To be investigated and determined anew',
  anewText: 'The case is handled again. The old determination and every record stay and can be read at any time; the old one is revoked once there is a new one.',
  by: 'Reviewing unit', reviewers: 'Reviewing officers', findings: 'Findings', grounds: 'Because', correction: 'What was corrected',
  facts_unclear: 'the facts are unclear', evidence_insufficient: 'the main evidence is insufficient', law_wrong: 'the law was applied wrongly', liability_unfair: 'the liability is split unfairly', procedure_unlawful: 'the procedure was breached in a way that may matter',
  whatYouWrote: 'What you wrote', read: 'Conclusion', readCorrection: 'Correction', suit: 'A court has accepted a suit and was told of the review: {court}',
  withdraw: 'Take it back', withdrawTitle: 'Take the request back?', withdrawText: 'The review ends then, and there is no second one of the same accident. You can still go to court.', withdrawYes: 'Take it back', withdrawNo: 'Leave it',
});

export type ReviewKey = keyof typeof messages.zh;
export const tr = translator(messages);
export const reviewMessages = messages;
