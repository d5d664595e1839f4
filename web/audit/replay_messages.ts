// Words of the replay.
import { catalogue, translator } from '@shared/i18n';

export const replayMessages = catalogue({
  keysTitle: '快捷键', keysRest: '其余一切：Tab 移动，回车按下，Esc 关闭。', groupTime: '时间', groupView: '画面',
  keyPlay: '播放、暂停', keySmall: '后退、前进 5 秒', keyLarge: '后退、前进 10 秒', keyFrame: '上一帧、下一帧', keyMark: '上一个、下一个标记', keyEnds: '开头、结尾', keySpeed: '慢一些、快一些', keyNormal: '原速', keyEnlarge: '放大第几个画面，再按复原', keyFull: '全屏', keyMute: '静音、有声', keyCopy: '复制此刻的链接', keyHelp: '这张表',
  frameBack: '上一帧', frameOn: '下一帧', speed: '速度', help: '快捷键', mute: '静音', enlarge: '放大 {who}', enlarged: '复原 {who}', full: '全屏', copy: '复制此刻的链接', copied: '链接已复制', waiting: '读取中',
  absent: '{from}–{to} 没有录像', notYetJoined: '尚未加入通话', lostOnTheWay: '网络中丢失，没有收到', leftHangup: '已挂断', leftReplaced: '换到另一条连接', leftHandedOver: '案件已移交', leftClosed: '案件已办结', leftConsent: '撤回了录像同意', leftDisabled: '账号已停用', leftNetwork: '网络中断', leftCrash: '录制程序中断，录像已恢复到最后一刻', leftUnknown: '通话已结束',
  marks: '标记', jump: '跳到 {at}，{what}', thumbnails: '画面缩略图', recoveredHint: '中断后恢复', side: '案件材料',
  sealGood: '刚刚在本浏览器并由服务验证', sealRunning: '正在本浏览器验证', sealBad: '录像与登记不一致', sealFailed: '有录像未能验证', sealSummary: '{n} 路录像均与登记时一致；日志共 {entries} 条。{at}', sealDetails: '验证详情',
  sealHow: '本浏览器读取服务提供的每一路录像并逐字节计算摘要，与案件登记、日志中录像结束的那一条以及已签名的检查点比对。文件最前面的检索表由服务即时生成，其余全部计入。', sealEntry: '日志第几条', sealServer: '服务也核对于', sealProblem: '问题',
  sealLog: '检查点：日志 {size} 条，签名已在本浏览器核对，{at}；另有 {witnesses} 个见证签名。', sealLogUnsigned: '检查点：日志 {size} 条，{at}；本浏览器不能核对其签名；另有 {witnesses} 个见证签名。',
  trackGood: '一致', trackBad: '不一致', trackFailed: '未能验证', trackShare: '已核对 {share}%', trackWaiting: '等待',
  alarm: '{who}的录像与登记不一致', badBytes: '收到的内容与登记的摘要不同', badEntry: '日志中记载的是另一个摘要', badLeaf: '日志的叶子对应的不是这一条', badProof: '检查点不包含这一条', badSignature: '检查点的签名不对', badCheckpoint: '检查点无法读取', badGrowth: '日志不是本浏览器上次所见的延续', badServer: '服务自己发现录像已损坏', noEntry: '日志中没有这路录像的记录', notChecked: '没有能够核对',
}, {
  keysTitle: 'Keys', keysRest: 'Everything else: Tab moves, Enter presses, Esc closes.', groupTime: 'Time', groupView: 'Pictures',
  keyPlay: 'play or pause', keySmall: '5 seconds back or on', keyLarge: '10 seconds back or on', keyFrame: 'one frame back or on', keyMark: 'previous or next mark', keyEnds: 'beginning or end', keySpeed: 'slower or faster', keyNormal: 'normal speed', keyEnlarge: 'enlarge that picture; again: as before', keyFull: 'full screen', keyMute: 'sound on or off', keyCopy: 'copy the link to this moment', keyHelp: 'this map',
  frameBack: 'One frame back', frameOn: 'One frame on', speed: 'Speed', help: 'Keys', mute: 'Mute', enlarge: 'Enlarge {who}', enlarged: '{who} as before', full: 'Full screen', copy: 'Copy the link to this moment', copied: 'Link copied', waiting: 'Loading',
  absent: 'No recording from {from} to {to}', notYetJoined: 'has not joined the call yet', lostOnTheWay: 'lost in the network, never received', leftHangup: 'has hung up', leftReplaced: 'changed to another connection', leftHandedOver: 'the case was handed over', leftClosed: 'the case was closed', leftConsent: 'consent to recording was withdrawn', leftDisabled: 'the account was disabled', leftNetwork: 'the network broke off', leftCrash: 'the recorder was cut off; recovered up to its last moment', leftUnknown: 'the call is over',
  marks: 'Marks', jump: 'Jump to {at}, {what}', thumbnails: 'Thumbnails', recoveredHint: 'recovered after an interruption', side: 'The file',
  sealGood: 'Verified just now, in this browser and by the service', sealRunning: 'Being verified in this browser', sealBad: 'A recording is not what was registered', sealFailed: 'A recording could not be verified', sealSummary: '{n} {n|recording is as it was|recordings are as they were} registered; {entries} {entries|entry|entries} in the log. {at}', sealDetails: 'Details',
  sealHow: 'This browser reads every recording as it is served and hashes each byte, and compares with the list of the case, with the entry in the log about its end, and with the signed checkpoint. The table for seeking in front of the file is made by the service as it is read; all the rest is covered.', sealEntry: 'Entry in the log', sealServer: 'The service checked it too at', sealProblem: 'Problem',
  sealLog: 'Checkpoint: {size} {size|entry|entries}, its signature was checked in this browser, {at}; {witnesses} {witnesses|signature of a witness|signatures of witnesses} besides.', sealLogUnsigned: 'Checkpoint: {size} {size|entry|entries}, {at}; this browser can not check its signature; {witnesses} {witnesses|signature of a witness|signatures of witnesses} besides.',
  trackGood: 'as registered', trackBad: 'not as registered', trackFailed: 'not verified', trackShare: 'checked {share}%', trackWaiting: 'waiting',
  alarm: 'The recording of {who} is not what was registered', badBytes: 'what came has another hash than was registered', badEntry: 'the log names another hash', badLeaf: 'the leaf in the log stands for another entry', badProof: 'the checkpoint does not hold this entry', badSignature: 'the signature of the checkpoint is wrong', badCheckpoint: 'the checkpoint can not be read', badGrowth: 'the log does not go on from what this browser saw last', badServer: 'the service itself found the recording damaged', noEntry: 'the log has no entry about this recording', notChecked: 'could not be checked',
});
export type ReplayWord = keyof typeof replayMessages.zh;
export const tr = translator(replayMessages);
