// Words of the service of a document on a party; loaded with what shows it.
import { catalogue, translator } from '@shared/i18n';

export const serviceMessages = catalogue({
  received: '我已收到', receivedAsk: '请确认收到这份文书', receivedText: '按下即为送达，申请复核等期限从这时起算；不表示您同意认定的内容。', openFirst: '请先打开或下载这份文书。',
  served_electronic: '已电子送达', served_handed: '已当面送达纸质文书', served_posted: '已邮寄送达', served_refused: '您拒绝接收，民警已注明，视为送达', servedAt: '{what} · {at}', limitsFrom: '期限从送达时起算。',
  paperTitle: '这份文书以纸质送达您', paperText: '您没有同意电子送达，民警会当面交付或者邮寄。您也可以改为电子送达，立即在这里收到。', agree: '同意电子送达', agreeHere: '同意电子送达（不同意的，以纸质送达）', thanks: '已记录送达',
}, {
  received: 'I have received it', receivedAsk: 'Please confirm that you have it', receivedText: 'This serves it on you, and the time to ask for a review begins. It does not mean that you agree with what it says.', openFirst: 'Open or download the document first.',
  served_electronic: 'Served on this page', served_handed: 'Handed to you on paper', served_posted: 'Served by post', served_refused: 'You refused to receive it; the officer noted that, and it counts as served', servedAt: '{what} · {at}', limitsFrom: 'Time limits run from its service.',
  paperTitle: 'You will get this on paper', paperText: 'You have not agreed to electronic service, so it is handed over or sent by post. You can agree now instead and have it here at once.', agree: 'Agree to electronic service', agreeHere: 'Serve it on this page (otherwise on paper)', thanks: 'The service is on record',
});
export type ServiceKey = keyof typeof serviceMessages.zh;
export const tv = translator(serviceMessages);
