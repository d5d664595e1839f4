import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  reports: '报表', cases_tab: '案件', period: '时间段', today: '今天', week: '本周', month: '本月', year: '本年', custom: '自定义', from: '自', to: '至', show: '查看',
  compare: '与上期比较', csv: '导出 CSV', print: '打印', yearly: '年度工作报告', back: '返回报表', loading: '正在统计…', again: '重试', empty: '这段时间没有案件', emptyHint: '换一个时间段看看。',
  colon: '：', noChart: '图表没有载入，数字见表格。', wrongDates: '请填写起止日期，起始不晚于截止。', through: '数字由审计日志第 1 至 {n} 条计算，可用 kuaichu report --from-log 重新计算。',
  cases: '受理', remote: '视频处理', determined: '在线认定', agreed: '自行协商', on_scene: '到现场处理', abandoned: '当事人离开', declined: '不予受理', open: '尚在办理', closed: '已结案',
  answered: '已接听', answered_in_time: '按时接听', cleared: '已通知撤离', cleared_in_time: '按时撤离', ended: '已办结', ended_in_time: '按时办结',
  review_asked: '申请复核', review_concluded: '复核已结论', review_overturned: '责令重新认定', shots_listed: '有拍摄清单', shots_complete: '清单拍齐', called: '有通话', recorded: '全员有录像', with_gaps: '录像有缺口',
  answer: '等待接听', clear: '撤离现场', close: '办结', median: '中位数', p90: '九成不超过', target: '目标 {time}', onTarget: '达标', share: '占比', of: '占{what}',
  county: '辖区', channel: '渠道', form: '事故形态', scenario: '情形', officer: '民警', hour: '时段', outcome: '结果', closing_code: '结案方式', ground: '到现场原因', day: '日', unknown: '未确定', nobody: '无人接办',
  byWhat: '分类', course: '受理量变化', courseSays: '共 {n} 起，{most}最多，{max} 起', hours: '按时段', groups: '按{what}', chartSays: '{list}', and: '、', item: '{name} {n} 起', seconds: '{s} 秒', minutes: '{m} 分', minutesSeconds: '{m} 分 {s} 秒', none: '—',
  before: '上期', now: '本期', more: '更多', listed: '已列出 {n} 件，共 {all} 件', number: '编号', when: '受理时间', noCases: '没有这样的案件', clockOf: '{h} 时', upBy: '较上期 +{n}', downBy: '较上期 −{n}', same: '与上期持平',
  outcomes: '处理结果', times: '时效', quality: '复核与证据采集', shots: '拍摄项目', people: '参加通话人次有录像', table: '表格', pdf: '下载 PDF', yearOf: '年份', yearEmpty: '{year} 年没有案件', byMonth: '各月受理量', monthOf: '{m} 月', figures: '{what}：{n} 起，查看案件',
}, {
  reports: 'Reports', cases_tab: 'Cases', period: 'Period', today: 'Today', week: 'This week', month: 'This month', year: 'This year', custom: 'Custom', from: 'From', to: 'To', show: 'Show',
  compare: 'Compare with the period before', csv: 'CSV', print: 'Print', yearly: 'Yearly work report', back: 'Back to the report', loading: 'Counting…', again: 'Try again', empty: 'No cases in this period', emptyHint: 'Try another one.',
  colon: ': ', noChart: 'The chart did not load; the numbers are in the table.', wrongDates: 'Both days are needed, the first not after the last.', through: 'Counted from entries 1 to {n} of the audit log; kuaichu report --from-log counts them again.',
  cases: 'Taken up', remote: 'By video', determined: 'Determined online', agreed: 'Agreed by the parties', on_scene: 'At the scene', abandoned: 'Caller gone', declined: 'Not accepted', open: 'Being handled', closed: 'Closed',
  answered: 'Answered', answered_in_time: 'Answered in time', cleared: 'Road cleared', cleared_in_time: 'Cleared in time', ended: 'Ended', ended_in_time: 'Ended in time',
  review_asked: 'Review asked for', review_concluded: 'Review concluded', review_overturned: 'To be determined anew', shots_listed: 'With a shot list', shots_complete: 'All shots taken', called: 'With a call', recorded: 'Everybody recorded', with_gaps: 'Gaps in recordings',
  answer: 'Wait for the answer', clear: 'Clearing the road', close: 'To the end', median: 'Median', p90: '90% within', target: 'target {time}', onTarget: 'on target', share: 'Share', of: 'of {what}',
  county: 'County', channel: 'Channel', form: 'Accident form', scenario: 'Scenario', officer: 'Officer', hour: 'Hour of day', outcome: 'Outcome', closing_code: 'Closing code', ground: 'Why to the scene', day: 'Day', unknown: 'not known', nobody: 'nobody',
  byWhat: 'Broken down by', course: 'Cases over time', courseSays: '{n} in all, most in {most}: {max}', hours: 'By hour of day', groups: 'By {what}', chartSays: '{list}', and: ', ', item: '{name} {n}', seconds: '{s} s', minutes: '{m} min', minutesSeconds: '{m} min {s} s', none: '—',
  before: 'before', now: 'now', more: 'More', listed: '{n} of {all} listed', number: 'Number', when: 'Taken up', noCases: 'There are no such cases', clockOf: '{h}:00', upBy: '+{n} on the period before', downBy: '−{n} on the period before', same: 'as in the period before',
  outcomes: 'Outcomes', times: 'Times', quality: 'Reviews and capture', shots: 'Shots taken', people: 'Participants recorded', table: 'Table', pdf: 'Download PDF', yearOf: 'Year', yearEmpty: 'No cases in {year}', byMonth: 'Cases by month', monthOf: '{m}', figures: '{what}: {n}, show the cases',
});
export const t = translator(messages);
export type Key = keyof typeof messages.zh;
