import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  title: '审计回放', search: '查找案件', searchHint: '案件编号、号牌或电话', state: '状态', anyState: '全部状态', from: '自', to: '至',
  find: '查找', results: '{n} 件', none: '没有符合条件的案件', more: '更多', number: '编号', when: '时间', place: '地点', parties: '当事人',
  back: '返回列表', noTracks: '这个案件没有录像', play: '播放', pause: '暂停', frameBack: '上一帧', frameOn: '下一帧', speed: '速度 {x}×',
  officer: '警官', party: '{label}方', gap: '缺失 {s} 秒', voiceSpan: '网络较弱，只有声音', voiceStill: '只有声音 · {at} 的静止画面', markVoice: '只有声音', markVideo: '视频恢复', segment: '第 {n} 段', silentLane: '此刻没有录像',
  recovered: '中断后恢复', complete: '完整', live: '录制中', tracks: '录像', stills: '固定画面', documents: '文书与签名', timeline: '经过',
  looked: '谁看过', nobody: '尚无查看记录', markStill: '固定 {n}', markEvacuate: '撤离', markIssued: '出具认定书', markSign: '{label}方{what}', markDrop: '断线', markPause: '有人感到压力，签名暂停', markResume: '签名恢复', markServed: '已送达', markListen: '{who} 旁听', markJoin: '{who} 加入', markLeave: '{who} 离开',
  markClaim: '接听', markScene: '派警到场', markAssessed: '重新判断适用', scrub: '时间位置', sha: '摘要', reasons: '认定依据', keys: '空格 播放 · ←→ 5 秒 · , . 逐帧 · [ ] 速度',
  determination: '认定书 {number}', openDocument: '查看原文', loading: '正在打开回放…',
}, {
  title: 'Audit replay', search: 'Find cases', searchHint: 'case number, plate or phone', state: 'State', anyState: 'any state', from: 'From', to: 'To',
  find: 'Find', results: '{n} {n|case|cases}', none: 'No case matches', more: 'More', number: 'Number', when: 'Time', place: 'Place', parties: 'Parties',
  back: 'Back to the list', noTracks: 'This case has no recording', play: 'Play', pause: 'Pause', frameBack: 'One frame back', frameOn: 'One frame on', speed: 'Speed {x}×',
  officer: 'Officer', party: 'Party {label}', gap: '{s} s missing', voiceSpan: 'weak network, sound alone', voiceStill: 'Sound alone · still of {at}', markVoice: 'sound alone', markVideo: 'live again', segment: 'segment {n}', silentLane: 'no recording at this moment',
  recovered: 'recovered after an interruption', complete: 'complete', live: 'recording', tracks: 'Recordings', stills: 'Stills', documents: 'Document and signatures', timeline: 'Course of events',
  looked: 'Who looked', nobody: 'Nobody has looked yet', markStill: 'still {n}', markEvacuate: 'clear road', markIssued: 'issued', markSign: '{label} {what}', markDrop: 'lost', markPause: 'somebody feels pressed; signing pauses', markResume: 'signing goes on', markServed: 'served', markListen: '{who} listens', markJoin: '{who} joins', markLeave: '{who} leaves',
  markClaim: 'answered', markScene: 'sent to scene', markAssessed: 'assessed anew', scrub: 'Position', sha: 'digest', reasons: 'Grounds of the determination', keys: 'space plays · ←→ 5 s · , . frame · [ ] speed',
  determination: 'Determination {number}', openDocument: 'Read the text', loading: 'Opening the replay…',
});
export const t = translator(messages);
