import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  title: '保存期限', lead: '以下内容将按规则删除。删除后不可恢复，案件记录与日志保留并注明依据。', days: '今后天数', show: '查看', csv: '下载表格',
  nothing: '今后 {n} 天内没有内容到期。', more: '到期内容超过一千件，仅列出最早的。', at: '删除时间', caseNumber: '案件', what: '内容', why: '规则与依据', state: '状态',
  recordings: '录像', case: '全部案卷', due: '到期删除', on_hold: '保全中', under_review: '复核中', deadline: '期限未届满', notYet: '解除后', hold: '保全', loading: '正在打开…',
  holds: '证据保全', holdsLead: '保全期间，案件的任何内容都不会删除。', noHolds: '没有保全中的案件。', placed: '设置', reason: '理由', basis: '法律依据', basisHint: '例如：道路交通事故处理程序规定第106条',
  lift: '解除', liftTitle: '解除 {number} 的保全', liftReason: '解除理由', holdTitle: '保全案件', number: '案件编号', noCase: '没有此编号的案件。', go: '保全', close: '关闭',
  heldToast: '已保全', liftedToast: '已解除', place: '保全一件案件', by: '经办人',
}, {
  title: 'Retention', lead: 'What the rules will erase. It can’t be brought back; the row of the case and its log stay and name the rule.', days: 'Days ahead', show: 'Show', csv: 'Download as a table',
  nothing: 'Nothing is due within {n} {n|day|days}.', more: 'More than a thousand cases are due; the soonest are listed.', at: 'Goes', caseNumber: 'Case', what: 'What', why: 'Rule and basis', state: 'State',
  recordings: 'Recordings', case: 'The whole case', due: 'goes', on_hold: 'on hold', under_review: 'under review', deadline: 'a limit runs', notYet: 'once released', hold: 'Hold', loading: 'Opening…',
  holds: 'Legal holds', holdsLead: 'While a hold stands, nothing of its case is erased.', noHolds: 'No case is on hold.', placed: 'Placed', reason: 'Reason', basis: 'Legal basis', basisHint: 'Such as 道路交通事故处理程序规定第106条',
  lift: 'Lift', liftTitle: 'Lift the hold on {number}', liftReason: 'Why it is lifted', holdTitle: 'Hold a case', number: 'Number of the case', noCase: 'There is no case of that number.', go: 'Hold it', close: 'Close',
  heldToast: 'The case is on hold', liftedToast: 'The hold is lifted', place: 'Hold a case', by: 'By',
});
export const t = translator(messages);
