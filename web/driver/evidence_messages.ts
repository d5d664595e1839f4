// Words of the sheet where a party looks at the evidence. Loaded with it.
import { catalogue, translator } from '@shared/i18n';

export const evidenceMessages = catalogue({
  title: '证据材料', lead: '这些是本案固定的现场画面，您可以查看和保存（道路交通事故处理程序规定第65条）。他人证件的画面不公开。',
  none: '还没有固定的画面。', picture: '现场画面', by: '{label}方', save: '保存', saveOf: '保存“{what}”',
  bundle: '摘录包含您的录像、现场画面、文书（他人号码已遮盖）和日志证明，任何人打开其中的 verify.html 即可核验。',
  looked: '谁查看过证据', lookedNone: '还没有工作人员查看过。', times: '共 {n} 次', r_officer: '民警', r_supervisor: '值班长', r_auditor: '审计人员', r_intake_operator: '接警员', r_admin: '管理员', r_other: '工作人员',
  p_handling: '办理本案', p_complaint: '投诉核查', p_review: '复核', p_sample: '质量抽查', p_court: '司法机关调取', p_training: '培训', p_other: '其他工作需要', p_none: '未说明目的',
  stamped: '需要加盖印章的复制件，或者查阅其他证据材料的，请向承办单位提出。',
}, {
  title: 'The evidence', lead: 'These are the pictures of the scene that were sealed in this case; you may look at and keep them (Order 146, art. 65). Papers of others are not shown.',
  none: 'No picture has been sealed yet.', picture: 'Picture of the scene', by: 'party {label}', save: 'Save', saveOf: 'Save “{what}”',
  bundle: 'It holds your own recording, the pictures, the documents (numbers of others masked) and proofs from the log; anybody can check it by opening verify.html in it.',
  looked: 'Who looked at the evidence', lookedNone: 'Nobody of the staff has looked yet.', times: '{n} {n|time|times}', r_officer: 'Officer', r_supervisor: 'Supervisor', r_auditor: 'Auditor', r_intake_operator: 'Intake operator', r_admin: 'Administrator', r_other: 'Staff',
  p_handling: 'handling this case', p_complaint: 'a complaint', p_review: 'a review', p_sample: 'a check of quality', p_court: 'asked for by a court', p_training: 'training', p_other: 'other work', p_none: 'no purpose stated',
  stamped: 'For stamped copies, or to look at other evidence, ask the unit that has the case.',
});

export const te = translator(evidenceMessages);
export type EvidenceKey = keyof typeof evidenceMessages.zh;
