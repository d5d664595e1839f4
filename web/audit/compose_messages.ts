// Words of the one video of a case.
import { catalogue, translator } from '@shared/i18n';

export const composeMessages = catalogue({
  one: '合成一个视频', title: '合成视频', making: '合成中 {share}%', lead: '把本案全部录像并排合成一个视频，画面上写明案件编号、北京时间和各方是谁，并注明“非原始证据 · 派生件”。原始录像不变；证明力以原始录像为准。',
  where: '在后台以最低优先级制作，可以离开本页，稍后再来。', begin: '开始合成', again: '再合成一个', none: '还没有合成视频', close: '关闭',
  s_queued: '排队中', s_making: '制作中', s_done: '已完成', s_failed: '未能完成', s_stopped: '已取消', s_erased: '保存期满，已依规删除', ahead: '前面还有 {n} 个',
  by: '{who} {at}', facts: '{length} · {size} · 由 {n} 路录像合成', play: '播放', save: '保存文件', cancel: '取消', remove: '删除', removed: '已删除', stopped: '已取消', sure: '确定删除这个合成视频？原始录像不受影响。', mark: '派生件，非原始证据',
  'f_recording-damaged': '有录像已损坏或与登记不一致', 'f_nothing-recorded': '没有可用的录像', 'f_too-long': '总长超过六小时', 'f_too-many-recordings': '录像段数过多', 'f_too-many-participants': '参与人超过九位', 'f_disk-full': '磁盘空间不足', 'f_composer-died': '合成程序两次中断', 'f_no-sandbox': '系统缺少隔离功能', f_interrupted: '多次被中断', f_erased: '录像已依规删除', 'f_not-made': '合成程序出错',
}, {
  one: 'Make one video', title: 'One video', making: 'Making it, {share}%', lead: 'All recordings of this case side by side in one video, with the case number, Beijing time and who everybody is in the picture, marked “derivative, not the original”. The originals stay as they are; they are what proves.',
  where: 'It is made in the background with what the machine has left over: you may leave and come back.', begin: 'Make it', again: 'Make another', none: 'There is none yet', close: 'Close',
  s_queued: 'queued', s_making: 'being made', s_done: 'done', s_failed: 'failed', s_stopped: 'cancelled', s_erased: 'erased by rule when its time had ended', ahead: '{n} before it',
  by: '{who}, {at}', facts: '{length} · {size} · from {n} {n|recording|recordings}', play: 'Play', save: 'Save the file', cancel: 'Cancel', remove: 'Remove', removed: 'Removed', stopped: 'Cancelled', sure: 'Remove this video? The recordings stay.', mark: 'Derivative, not the original',
  'f_recording-damaged': 'a recording is damaged, or not what was registered', 'f_nothing-recorded': 'there is no recording that can be used', 'f_too-long': 'it would be longer than six hours', 'f_too-many-recordings': 'there are too many recordings', 'f_too-many-participants': 'there are more than nine people', 'f_disk-full': 'the disk is full', 'f_composer-died': 'the composer broke off twice', 'f_no-sandbox': 'the system can not confine the composer', f_interrupted: 'it was interrupted too often', f_erased: 'the recordings were erased by rule', 'f_not-made': 'the composer failed',
});
export type ComposeWord = keyof typeof composeMessages.zh;
export const tc = translator(composeMessages);
