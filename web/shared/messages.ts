// Words that every page uses: buttons, states, errors of the service, the call.
import { catalogue, translator } from './i18n';

export const sharedMessages = catalogue({
  service: '事故视频快处',
  language: 'English',
  ok: '好', cancel: '取消', close: '关闭', back: '返回', next: '下一步', retry: '重试', savePdf: '保存 PDF', confirm: '确定', loading: '正在加载…',
  required: '请填写这一项', optional: '选填', yes: '是', no: '没有', or: '或',
  demoStrip: '演示系统：数据为虚构，不具法律效力',
  netGood: '良好', netFair: '一般', netBad: '较差', netNone: '无信号', netUnknown: '检测中', netLabel: '网络：{level}',
  netTitle: '通话网络', netMe: '我', netFrom: '发出', netTo: '收到', netLost: '丢失 {share}', netTrip: '往返时间', netAge: '最近一个数据包', netPicture: '画面', netAgain: '要求重发 / 已重发（包）', netRecorded: '已落盘录像',
  netMeansGood: '画面和声音都顺畅。', netMeansFair: '画面可能偶尔模糊，声音正常。', netMeansPoor: '画面会卡顿，请靠近窗户或换个位置。', netMeansNone: '现在收不到任何数据，系统正在自动重连。', netMeansUnknown: '刚接通，正在测量。',
  guest: '来宾', guest_emergency: '急救调度', guest_interpreter: '翻译', guest_insurer: '保险人员', guest_supervisor: '督导',
  roleParty: '{label}方', roleOfficer: '民警', someoneJoined: '{who} 已加入通话', someoneLeft: '{who} 已离开通话', roleListener: '督导', listenerCame: '{who} 开始旁听，旁听有记录', listenerLeft: '{who} 已结束旁听', listening: '督导正在旁听：{who}',
  callsFull: '线路已满，正在自动重试', tapSound: '点一下打开声音',
  lost: '连接中断，正在重新连接…', restored: '已重新连接',
  offline: '手机没有网络。有信号后会自动继续。',
  errorNetwork: '连不上服务，请检查网络后重试。',
  errorTimeout: '服务没有及时回应，请重试。',
  error400: '提交的内容有误。', error401: '登录已失效，请重新登录。', error403: '没有权限进行此操作。', error404: '没有找到，或链接已失效。',
  error409: '当前状态不能进行此操作。', error412: '内容已被他人更新，请刷新后再试。', error413: '文件太大。', error415: '不支持这种文件格式。',
  error422: '有内容填写不正确。', error429: '操作太频繁，请稍后再试。', error500: '服务出了问题，请稍后再试。',
  error503: '服务暂时繁忙，请稍后再试。', error507: '存储空间不足，暂时不能受理。',
  stateTriaged: '待排队', stateWaiting: '等待中', stateInCall: '通话中', stateEvidenceFixed: '证据已固定', stateDetermined: '待签名',
  stateAgreed: '已协商', stateServed: '已送达', stateClosed: '已办结', stateOnScene: '现场处理', stateAbandoned: '当事人离开',
  stateExpired: '已过期', stateReopened: '复核中',
  liabilityFull: '全部责任', liabilityPrimary: '主要责任', liabilityEqual: '同等责任', liabilitySecondary: '次要责任',
  liabilityNone: '无责任', liabilityUndeterminable: '无法认定',
  decisionSigned: '已签名', decisionRefused: '拒绝签名', decisionObjected: '有异议',
  limitUntil: '截止 {day}', limitWasUntil: '已于 {day} 截止', limitLeft: '还有 {n} 天', limitLeftOne: '还有 1 天', limitLeftWorking: '还有 {n} 个工作日', limitLeftWorkingOne: '还有 1 个工作日', limitToday: '今天是最后一天',
  limitOver: '已过期限', limitOverdue: '已超期', limitAtOnce: '立即', limitAtOnceLate: '应立即，尚未完成', limitDone: '已完成', limitDoneLate: '逾期完成', limitLocal: '本地提示',
  plate_missing: '请填写号牌号码；没有号牌的，选“无号牌”。', plate_not_empty: '“无号牌”的车辆不填写号牌号码。', plate_long: '号牌号码过长。', plate_form: '号牌不完整或与号牌种类不符，例如{example}。', phone_form: '请填写11位手机号码；固定电话请带区号。', id_form: '身份证号码为18位，末位可以是X；护照为字母加数字。', id_date: '身份证号码中的出生日期不存在。', id_check: '身份证号码有误，请逐位核对（校验位不符）。', licence_form: '驾驶证号为6至20位字母和数字，一般与身份证号码相同。', insurer_form: '请填写保险公司名称，例如人保财险。', certificate_form: '交强险保险单号为10至30位字母和数字，见保险单或电子保单。',
  plateProvince: '选择省份简称', plateRest: '号牌号码', plateExample: '例如 陕H·12345',
}, {
  service: 'Accident video desk',
  language: '中文',
  ok: 'OK', cancel: 'Cancel', close: 'Close', back: 'Back', next: 'Next', retry: 'Try again', savePdf: 'Save as PDF', confirm: 'Confirm', loading: 'Loading…',
  required: 'Please fill this in', optional: 'optional', yes: 'Yes', no: 'No', or: 'or',
  demoStrip: 'Demonstration: invented data, no legal effect',
  netGood: 'good', netFair: 'fair', netBad: 'poor', netNone: 'no signal', netUnknown: 'checking', netLabel: 'Network: {level}',
  netTitle: 'Network of the call', netMe: 'You', netFrom: 'Sends', netTo: 'Receives', netLost: '{share} lost', netTrip: 'Round trip', netAge: 'Last packet, ago', netPicture: 'Picture', netAgain: 'Asked again / sent again', netRecorded: 'Recorded, on disk',
  netMeansGood: 'Picture and sound flow well.', netMeansFair: 'The picture may blur at times; the sound is fine.', netMeansPoor: 'The picture will stutter; a place by a window or in the open may help.', netMeansNone: 'Nothing arrives now; it reconnects by itself.', netMeansUnknown: 'Just connected, being measured.',
  guest: 'Guest', guest_emergency: 'Emergency operator', guest_interpreter: 'Interpreter', guest_insurer: 'Insurer', guest_supervisor: 'Supervisor',
  roleParty: 'Party {label}', roleOfficer: 'Officer', someoneJoined: '{who} has joined the call', someoneLeft: '{who} has left the call', roleListener: 'Supervisor', listenerCame: '{who} is listening now; this is on record', listenerLeft: '{who} no longer listens', listening: 'A supervisor is listening: {who}',
  callsFull: 'All lines are taken; it tries again by itself', tapSound: 'Tap for sound',
  lost: 'Connection lost, reconnecting…', restored: 'Connected again',
  offline: 'Your phone is offline. This goes on by itself once there is a signal.',
  errorNetwork: 'The service can’t be reached. Check the network and try again.',
  errorTimeout: 'The service did not answer in time. Try again.',
  error400: 'Something in the request was malformed.', error401: 'Your sign-in has ended. Please sign in again.',
  error403: 'You are not allowed to do this.', error404: 'Not found, or the link is no longer valid.',
  error409: 'This can’t be done in the present state.', error412: 'Someone else changed this. Refresh and try again.',
  error413: 'The file is too large.', error415: 'This kind of file is not supported.',
  error422: 'Something is not filled in correctly.', error429: 'Too many attempts. Please wait a moment.',
  error500: 'The service has a problem. Please try again later.',
  error503: 'The service is busy. Please try again shortly.', error507: 'Storage is full; no new cases for now.',
  stateTriaged: 'not queued', stateWaiting: 'waiting', stateInCall: 'in call', stateEvidenceFixed: 'evidence fixed',
  stateDetermined: 'to be signed', stateAgreed: 'agreed', stateServed: 'served', stateClosed: 'closed', stateOnScene: 'on scene',
  stateAbandoned: 'driver gone', stateExpired: 'expired', stateReopened: 'under review',
  liabilityFull: 'full', liabilityPrimary: 'primary', liabilityEqual: 'equal', liabilitySecondary: 'secondary',
  liabilityNone: 'none', liabilityUndeterminable: 'undeterminable',
  decisionSigned: 'signed', decisionRefused: 'refused to sign', decisionObjected: 'objected',
  limitUntil: 'until {day}', limitWasUntil: 'was until {day}', limitLeft: '{n} {n|day|days} left', limitLeftOne: '1 day left', limitLeftWorking: '{n} working {n|day|days} left', limitLeftWorkingOne: '1 working day left', limitToday: 'today is the last day',
  limitOver: 'time is over', limitOverdue: 'overdue', limitAtOnce: 'at once', limitAtOnceLate: 'was due at once', limitDone: 'done', limitDoneLate: 'done late', limitLocal: 'local reminder',
  plate_missing: 'The plate number is missing; without a plate choose “no plate”.', plate_not_empty: 'A vehicle without a plate has no plate number.', plate_long: 'The plate number is too long.', plate_form: 'The plate is incomplete or of another type; it should look like {example}.', phone_form: 'A mobile number has 11 digits; a fixed line needs its area code.', id_form: 'An identity number has 18 digits, the last may be X; a passport has letters and digits.', id_date: 'The birth date in the identity number does not exist.', id_check: 'The identity number is mistyped: its check digit does not fit.', licence_form: 'A licence number has 6 to 20 letters and digits, usually the identity number.', insurer_form: 'Name the insurance company, such as 人保财险.', certificate_form: 'The number of the compulsory insurance has 10 to 30 letters and digits; it stands on the policy.',
  plateProvince: 'Choose the province', plateRest: 'Plate number', plateExample: 'for example 陕H·12345',
});

export type SharedKey = keyof typeof sharedMessages.zh;
/** Translates a word that all pages share. */
export const ts = translator(sharedMessages);

const pascal = (code: string) => code.split('_').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');

/** The words for a case state, a liability or a decision; an unknown code shows as itself. */
export function codeText(kind: 'state' | 'liability' | 'decision', code: string | null | undefined): string {
  if (!code) return '';
  const key = `${kind}${pascal(code)}` as SharedKey;
  return key in sharedMessages.zh ? ts(key) : code;
}
