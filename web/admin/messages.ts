import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  title: '管理 · 规则与日历', files: '规则文件', rules: '规则', calendars: '节假日日历', templates: '文书版式', images: '图片', history: '版本历史', retention: '保存期限与保全',
  since: '自版本 {n}', changedHere: '有改动', inForce: '现行版本 {n}', planned: '版本 {n} 将于 {day} 生效', loading: '正在打开…', choose: '从左侧选择一个文件。',
  text: '{name} 的内容', sound: '内容有效', checking: '正在检查…', problemAt: '第 {line} 行第 {column} 列：{reason}', problem: '{file}：{reason}', goTo: '到这一行',
  preview: '查看改动', undo: '恢复此文件', newYear: '新增 {year} 年', takeOut: '删除 {year} 年', takenOut: '将删除此文件', readOnly: '此账号只能查看。',
  imageOnly: '图片不能在此编辑。', changes: '改动', noChanges: '没有改动', added: '新增', removed: '删除', changed: '修改', entry: '条目', before: '原为', after: '改为',
  openCases: '在办 {n} 件案件沿用原有规则；此后的新案件适用新规则。', reason: '理由', reasonHint: '例如依据的通知或文件；记入版本历史', validFrom: '生效日期', validFromHint: '留空则立即生效',
  enact: '使其生效', enacted: '版本 {n} 已生成', staleTitle: '规则已被他人修改', stale: '请重新查看后再改；您的文字仍保留在此。', version: '版本', state: '状态', who: '何人', when: '制定时间', from: '生效时间', cases: '适用案件',
  in_force: '现行', past: '已被取代', plannedState: '待生效', withdrawn: '已撤回', built_in: '程序自带', folder: '启动时的文件夹', edited: '编辑', reverted: '恢复', service: '系统',
  revertTo: '恢复到版本 {n}', revertTitle: '恢复到版本 {n}', equals: '同版本 {n}', withdraw: '撤回', withdrawn2: '已撤回', more: '更多', casesOf: '{open} 件在办，共 {all} 件', close: '关闭',
  leave: '有未生效的改动', historyOf: '共有版本', cantRead: '修正错误后才能显示改动。',
}, {
  title: 'Administration · rules and calendars', files: 'Files of rules', rules: 'Rules', calendars: 'Calendars', templates: 'Layout of documents', images: 'Images', history: 'History', retention: 'Retention and holds',
  since: 'since version {n}', changedHere: 'edited', inForce: 'Version {n} is in force', planned: 'Version {n} comes into force on {day}', loading: 'Opening…', choose: 'Choose a file on the left.',
  text: 'Text of {name}', sound: 'The text is sound', checking: 'Checking…', problemAt: 'Line {line}, column {column}: {reason}', problem: '{file}: {reason}', goTo: 'Go to the line',
  preview: 'See what changes', undo: 'Undo this file', newYear: 'Add {year}', takeOut: 'Take out {year}', takenOut: 'This file will be taken out', readOnly: 'This account can look, not change.',
  imageOnly: 'Images are not edited here.', changes: 'Changes', noChanges: 'Nothing changes', added: 'added', removed: 'removed', changed: 'changed', entry: 'Entry', before: 'Before', after: 'After',
  openCases: '{n} open {n|case keeps the rules it has|cases keep the rules they have}; cases opened from then on follow the new ones.', reason: 'Reason', reasonHint: 'Such as the notice that it follows; it stays in the history', validFrom: 'In force from', validFromHint: 'Empty: at once',
  enact: 'Put into force', enacted: 'Version {n} is made', staleTitle: 'Somebody else changed the rules', stale: 'Look at them again before you go on; what you wrote is still here.', version: 'Version', state: 'State', who: 'By', when: 'Made', from: 'In force from', cases: 'Cases',
  in_force: 'in force', past: 'replaced', plannedState: 'planned', withdrawn: 'withdrawn', built_in: 'built in', folder: 'folder at the start', edited: 'edited', reverted: 'gone back', service: 'the service',
  revertTo: 'Go back to version {n}', revertTitle: 'Go back to version {n}', equals: 'as version {n}', withdraw: 'Withdraw', withdrawn2: 'Withdrawn', more: 'More', casesOf: '{open} open of {all}', close: 'Close',
  leave: 'There are changes that are not in force', historyOf: 'Versions', cantRead: 'What changes shows once this is mended.',
});
export const t = translator(messages);
