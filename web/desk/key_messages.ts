// Words of the map of keys.
import { catalogue, translator } from '@shared/i18n';

export const keyMessages = catalogue({
  title: '快捷键', rest: '其余一切：Tab 移动，回车或空格按下，方向键在选项之间移动，Esc 关闭。', groupQueue: '队列', groupCall: '通话和现场', groupCase: '案件', groupDesk: '席位',
  claim: '接手请您办理的，否则接听等待最久的', decline: '谢绝接手', inHand: '上一个、下一个正在处理的案件', queue: '到队列',
  shot: '选择拍摄项', freeze: '按选定的拍摄项固定画面', photo: '请当事人用手机拍照', clear: '通知撤离', reason: '没有拍全时，撤离的理由', again: '补拍完后撤离', enlarge: '放大第几个画面', full: '全屏画面', chat: '文字消息', mute: '静音', camera: '开关摄像头', join: '重新接通', handOver: '移交同事', release: '退回队列', scene: '派警到场',
  tabs: '当事人、事实、责任、协商、文书', party: '添加当事人', link: '其他当事人的链接', guest: '邀请来宾', map: '事故地点的地图', learn: '情况有变', limits: '各项期限', violation: '按图选择甲、乙、丙方的违法情形', split: '采用或撤销通常的责任划分', ground: '添加依据', draft: '起草事实和成因', next: '下一步：出具、提出协议或结案',
  away: '离开、回来', sound: '声音提示', language: '中文、English', board: '席位总览（值班长）', help: '这张表',
}, {
  title: 'Keys', rest: 'Everything else: Tab moves, Enter or Space presses, arrows move within a choice, Esc closes.', groupQueue: 'Queue', groupCall: 'Call and scene', groupCase: 'Case', groupDesk: 'Seat',
  claim: 'take over what you are asked to, else answer the longest waiting', decline: 'decline it', inHand: 'previous or next case in hand', queue: 'go to the queue',
  shot: 'choose the shot', freeze: 'freeze a still for that shot', photo: 'ask the phone for a photo', clear: 'clear the road', reason: 'why, where shots are missing', again: 'clear it once they are taken', enlarge: 'enlarge that picture', full: 'picture to full screen', chat: 'text messages', mute: 'mute', camera: 'camera on or off', join: 'join again', handOver: 'hand over to a colleague', release: 'requeue', scene: 'send an officer',
  tabs: 'parties, facts, liability, settle, document', party: 'add a party', link: 'link for another party', guest: 'invite a guest', map: 'the place on the map', learn: 'more is known', limits: 'all deadlines', violation: 'choose the violation of party A, B, C by picture', split: 'take over or undo the usual split', ground: 'add a reason', draft: 'draft the facts and the cause', next: 'next step: issue, propose or close',
  away: 'away, and back', sound: 'sound', language: 'English, 中文', board: 'all seats (supervisor)', help: 'this map',
});
export type KeyWord = keyof typeof keyMessages.zh;
export const tk = translator(keyMessages);
