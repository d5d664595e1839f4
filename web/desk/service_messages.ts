// Words of the service of a document on each party, at the desk.
import { catalogue, translator } from '@shared/i18n';

export const serviceMessages = catalogue({
  served_electronic: '已电子送达 {at}', served_handed: '已当面送达 {at}', served_posted: '已邮寄送达 {at}', served_refused: '拒绝接收，已注明 {at}',
  to_confirm: '待当事人确认收到', opened: '{at} 打开过', notOpened: '还没有打开', on_paper: '须纸质送达',
  record: '记录送达', recordOf: '向{label}方送达 {number}', recordText: '当面交付的，在送达回证上签收；邮寄的，以回执上的收件日期为准；拒绝接收的，注明情况（第24条；行政案件程序规定第36条）。复核等期限从送达时起算。',
  way: '方式', handed: '当面交付', posted: '邮寄', refused: '拒绝接收', at: '收到的时间', note: '说明', noteNeeded: '拒绝接收的，请注明情况。', done: '已记录送达', unserved: '还没有送达：{labels}。结案后也可以记录。', party: '{label}方',
}, {
  served_electronic: 'Served electronically {at}', served_handed: 'Handed over {at}', served_posted: 'Served by post {at}', served_refused: 'Refused to receive, noted {at}',
  to_confirm: 'Waits for the party’s word', opened: 'opened {at}', notOpened: 'not opened yet', on_paper: 'To be served on paper',
  record: 'Record service', recordOf: 'Service of {number} on party {label}', recordText: 'Handed over, it is signed for; by post, the day on the receipt counts; a refusal to receive is noted (art. 24; procedure, art. 36). Time limits run from then.',
  way: 'Way', handed: 'Handed over', posted: 'By post', refused: 'Refused', at: 'Received at', note: 'Note', noteNeeded: 'Please note what happened.', done: 'The service is on record', unserved: 'Not served yet: {labels}. It can be recorded after closing, too.', party: 'party {label}',
});
export type ServiceKey = keyof typeof serviceMessages.zh;
export const tv = translator(serviceMessages);
