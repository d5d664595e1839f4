import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  purposeTitle: '查看目的', purposeLead: '查看这个案件的证据前，请说明目的。目的和每次查看都会记录，当事人可以看到（不含您的姓名）。有效 8 小时。',
  complaint: '投诉核查', review: '复核', sample: '抽查', court: '司法机关调取', training: '培训', other: '其他', none: '未说明目的', note: '说明', noteNeeded: '请说明目的。', open: '打开案件', cancel: '返回列表',
  lookedAll: '谁看过', lookedNone: '还没有人看过', stated: '说明目的', handling: '办案',
  w_recording: '录像', w_still: '照片', w_live_stills: '现场静止画面', w_messages: '文字消息', w_document: '文书', w_signature: '签名', w_packet: '复核材料', w_composition: '合成视频', w_access: '说明目的', w_bundle: '证据包', w_object: '证据',
  r_officer: '民警', r_supervisor: '值班长', r_auditor: '审计员', r_intake_operator: '接警员', r_admin: '管理员', party: '{label}方', guest: '受邀人', integration: '其他系统',
  findings: '发现', findingsNone: '还没有记录', add: '记录发现', severity: '程度', s_note: '提示', s_minor: '轻微', s_major: '较重', s_critical: '严重', criterion: '方面', c_safety: '现场安全', c_evidence: '证据', c_procedure: '程序', c_determination: '责任认定', c_documents: '文书', c_manner: '态度', c_other: '其他',
  text: '内容', textNeeded: '请写明发现了什么。', markHere: '标记当前时刻 {at}', save: '记录', saved: '已记录', goTo: '转到 {at}', by: '{who} {at}',
  answerAccepted: '民警接受', answerContested: '民警有异议', waiting: '等待民警答复', upheld: '已结束：成立', withdrawn: '已结束：撤回', closeUpheld: '成立并结束', closeWithdrawn: '撤回', closeText: '结束说明',
  scores: '评分', score: '{n} 分', mean: '平均 {n}', unscored: '未评', scored: '已评分',
  mine: '对我案件的发现', accept: '接受', contest: '有异议', answer: '答复', answerText: '说明', tabs: '审计', tabSearch: '查找', tabSamples: '抽查', samplePeriod: '第 {n} 期：{from} 至 {to}', sampleDrawn: '办结 {all} 件，抽出 {n} 件，已评查 {done} 件。种子', sampleNext: '本期（{from} 至 {to}）将抽取各辖区 {n}%，种子承诺', sampleNone: '还没有抽出的案件。每周一抽取上一周办结的案件。', why_random: '随机', why_refused: '拒绝签名', why_objected: '有异议', why_review: '申请复核', judged: '已评查',
  contestNeeded: '有异议的，请说明理由。', send: '提交', answered: '已答复', toCase: '查看案件',
}, {
  purposeTitle: 'Purpose', purposeLead: 'Say what for before the evidence of this case opens. The purpose and every look are logged, and the parties see them (without your name). Good for 8 hours.',
  complaint: 'a complaint', review: 'a review', sample: 'a sample', court: 'asked for by a court', training: 'training', other: 'other', none: 'no purpose stated', note: 'Note', noteNeeded: 'Say what for.', open: 'Open the case', cancel: 'Back to the list',
  lookedAll: 'Who looked', lookedNone: 'Nobody has looked yet', stated: 'purpose stated', handling: 'handling the case',
  w_recording: 'recording', w_still: 'picture', w_live_stills: 'live stills', w_messages: 'text messages', w_document: 'document', w_signature: 'signature', w_packet: 'review packet', w_composition: 'composed video', w_access: 'purpose stated', w_bundle: 'bundle', w_object: 'evidence',
  r_officer: 'officer', r_supervisor: 'supervisor', r_auditor: 'auditor', r_intake_operator: 'intake operator', r_admin: 'administrator', party: 'Party {label}', guest: 'guest', integration: 'another system',
  findings: 'Findings', findingsNone: 'None yet', add: 'Write a finding', severity: 'Severity', s_note: 'note', s_minor: 'minor', s_major: 'major', s_critical: 'critical', criterion: 'About', c_safety: 'safety', c_evidence: 'evidence', c_procedure: 'procedure', c_determination: 'determination', c_documents: 'documents', c_manner: 'manner', c_other: 'other',
  text: 'What was found', textNeeded: 'Say what was found.', markHere: 'Mark this moment, {at}', save: 'Save', saved: 'Saved', goTo: 'Go to {at}', by: '{who}, {at}',
  answerAccepted: 'accepted by the officer', answerContested: 'contested by the officer', waiting: 'waits for the officer', upheld: 'closed: upheld', withdrawn: 'closed: withdrawn', closeUpheld: 'Uphold and close', closeWithdrawn: 'Withdraw', closeText: 'Closing words',
  scores: 'Scores', score: '{n} of 5', mean: 'mean {n}', unscored: 'not scored', scored: 'Scored',
  mine: 'Findings on my cases', accept: 'Accept', contest: 'Contest', answer: 'Answer', answerText: 'Words', tabs: 'Audit', tabSearch: 'Search', tabSamples: 'Samples', samplePeriod: 'Sample {n}: {from} to {to}', sampleDrawn: '{all} closed, {n} drawn, {done} judged. Seed', sampleNext: 'This period ({from} to {to}): {n} % of each county; committed to', sampleNone: 'Nothing was drawn yet. Each Monday draws of the cases closed in the week before.', why_random: 'by lot', why_refused: 'refused to sign', why_objected: 'objected', why_review: 'review asked for', judged: 'judged',
  contestNeeded: 'To contest it, say why.', send: 'Send', answered: 'Answered', toCase: 'Open the case',
});
export type AuditKey = keyof typeof messages.zh;
export const ta = translator(messages);
