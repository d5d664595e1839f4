import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  label: '查找', hint: '编号、号牌或后几位、姓名、电话、地点、陈述中的词、警号、日期（昨天、上周、2026-11-01..2026-11-07）', find: '查找', filters: '筛选',
  state: '状态', form: '事故形态', closing: '结案方式', outcome: '处理结果', review: '复核', decision: '当事人意见', county: '辖区', any: '不限', from: '自', to: '至', clear: '清除条件',
  determination: '认定书', agreement: '自行协商', asked: '已申请', withdrawn: '已撤回', upheld: '维持', upheld_corrected: '更正后维持', anew: '重新认定',
  number: '编号', when: '时间', place: '地点', parties: '当事人', why: '匹配之处', more: '更多', none: '没有符合条件的案件',
  total: '{n} 件', totalMore: '{n}+ 件', early: '已查到 {at}', on: '继续查找', building: '旧案件的索引仍在建立，结果可能不全。', days: '{text}：{from} 至 {to}',
  f_number: '编号', f_plate: '号牌', f_phone: '电话', f_identifier: '证件或保单', f_name: '姓名', f_place: '地点', f_officer: '警官', f_form: '事故形态', f_outcome: '处理结果', f_reason: '认定内容', f_statement: '陈述', f_agreement: '协议', f_review: '复核', f_late_report: '事后报警', f_document: '文书', f_message: '文字消息', f_on_scene_reason: '派警原因', f_mediation_result: '调解结果',
  table: '查找结果，{n} 件',
}, {
  label: 'Search', hint: 'number, plate or its end, name, phone, place, words of a statement, badge, day (yesterday, last week, 2026-11-01..2026-11-07)', find: 'Find', filters: 'Filters',
  state: 'State', form: 'Accident form', closing: 'Closed by', outcome: 'Outcome', review: 'Review', decision: 'Parties’ answer', county: 'County', any: 'any', from: 'From', to: 'To', clear: 'Clear all',
  determination: 'determination', agreement: 'agreement', asked: 'asked for', withdrawn: 'withdrawn', upheld: 'upheld', upheld_corrected: 'upheld, corrected', anew: 'determined anew',
  number: 'Number', when: 'Time', place: 'Place', parties: 'Parties', why: 'Found in', more: 'More', none: 'No case matches',
  total: '{n} {n|case|cases}', totalMore: '{n}+ cases', early: 'searched back to {at}', on: 'Search on', building: 'Older cases are still being indexed; the result may lack some.', days: '{text}: {from} to {to}',
  f_number: 'number', f_plate: 'plate', f_phone: 'phone', f_identifier: 'licence or policy', f_name: 'name', f_place: 'place', f_officer: 'officer', f_form: 'accident form', f_outcome: 'outcome', f_reason: 'determination', f_statement: 'statement', f_agreement: 'agreement', f_review: 'review', f_late_report: 'late report', f_document: 'document', f_message: 'text message', f_on_scene_reason: 'why sent to scene', f_mediation_result: 'mediation',
  table: 'Search results, {n} {n|case|cases}',
});
export const t = translator(messages);
