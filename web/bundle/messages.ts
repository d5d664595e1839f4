import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  title: '证据包核验', lead: '选择证据包的 ZIP 文件，或解压后的文件夹。全部核验都在本机完成，不需要网络。', drop: '把 ZIP 文件或文件夹拖到这里', pickZip: '选择 ZIP 文件', pickFolder: '选择文件夹',
  trusted: '可信公钥（可不填）', trustedHint: '从系统网址 /log/service.pub 或办案单位另行取得的公钥；填写后，只认这一公钥。', trustedBad: '这不是公钥，未采用。', again: '重新核验', print: '打印',
  notYet: '尚未核验：以下内容来自本页内嵌的清单，请选择证据包以核验。', checking: '正在核验 {done} / {all}…', noBundle: '这里没有可识别的证据包（缺少 manifest.json 或版本更新）。',
  noZip: '无法读取：{why}', right: '核验通过', wrong: '发现 {n} 处问题', ownKey: '签名所用公钥随包提供（{id}）。请与另行取得的公钥比对。', givenKey: '签名为您输入的公钥所签。',
  looked: '{n} 项', checks: '核验项目', c_signature: '清单的签名有效', c_key: '日志密钥为签名公钥作证', c_sums: '每个文件与 SHA256SUMS 一致', c_files: '每个文件与清单一致，没有多余文件',
  c_page: 'verify.html 是签名时的页面', c_checkpoint: '检查点由日志签名', c_entries: '本案每条记录都在日志中', c_objects: '每件证据都是日志当时记下的原件', c_documents: '文书与签发时一致，所签即此文本',
  c_damage: '导出时没有损坏', facts: '案件', number: '案件编号', kind: '范围', whole: '全部', excerpt: '当事人摘录（第六十五条）', occurred: '事故时间', place: '地点', county: '管辖', officer: '交通警察', made: '导出时间',
  by: '导出人', log: '日志', logSize: '{origin}，{size} 条', parties: '当事人', name: '姓名', phone: '电话', plate: '号牌', licence: '驾驶证', insurer: '保险公司', masked: '已遮盖', documents: '文书', signed: '已签名', refused: '拒绝签名',
  objected: '有异议', statement: '陈述', recordings: '录像', composed: '合成视频：派生件，非原始证据，由 {n} 路录像合成', messages: '通话中的文字消息', pictures: '照片和截图', openPdf: '打开 PDF', save: '保存文件', gap: '缺口', damaged: '导出时已损坏', derived: '由原件派生（{how}），原件 SHA-256 {sha}',
  metadata_removed: '已去除拍摄信息', masked_text: '个人信息已遮盖', printed_from_text: '由正文重新排印', left_out: '未列入', leftOut: '未列入：{list}', erased: '保存期满已依规删除', events: '经过', time: '时间', event: '事项', actor: '何人', demo: '【演示】数据，没有效力',
  played: '未能播放此录像', noFile: '无文件', lang: '语言', pickFirst: '核验后可查看',
}, {
  title: 'Check an evidence bundle', lead: 'Choose the ZIP file of the bundle, or the folder it was unpacked to. Everything is checked on this device; no network is needed.', drop: 'Drop the ZIP file or the folder here', pickZip: 'Choose the ZIP file', pickFolder: 'Choose a folder',
  trusted: 'A key that you trust (optional)', trustedHint: 'The public key got elsewhere: from /log/service.pub of the service, or from the unit. With it, no other key counts.', trustedBad: 'This is no public key, and was not used.', again: 'Check again', print: 'Print',
  notYet: 'Not checked yet: what follows is from the manifest inside this page. Choose the bundle to check it.', checking: 'Checking {done} of {all}…', noBundle: 'There is no bundle here that this page knows (no manifest.json, or a newer format).',
  noZip: 'It can’t be read: {why}', right: 'Everything is right', wrong: '{n} {n|thing is|things are} wrong', ownKey: 'Signed by the key that came with it ({id}). Compare it with one got elsewhere.', givenKey: 'Signed by the key that you gave.',
  looked: '{n} looked at', checks: 'What was checked', c_signature: 'The manifest is signed', c_key: 'The log’s key vouches for the key that signed', c_sums: 'Every file is as SHA256SUMS says', c_files: 'Every file is as the manifest says, and no other is there',
  c_page: 'verify.html is the page that was signed', c_checkpoint: 'The checkpoint is signed by the log', c_entries: 'Every entry of the case is in the log', c_objects: 'Every piece of evidence is what the log named when it was made', c_documents: 'Documents are as issued, and what was signed is them',
  c_damage: 'Nothing was damaged when it was exported', facts: 'The case', number: 'Number', kind: 'Extent', whole: 'All of it', excerpt: 'Excerpt for a party (art. 65)', occurred: 'When', place: 'Where', county: 'County', officer: 'Officer', made: 'Exported',
  by: 'By', log: 'Log', logSize: '{origin}, {size} {size|entry|entries}', parties: 'Parties', name: 'Name', phone: 'Phone', plate: 'Plate', licence: 'Licence', insurer: 'Insurer', masked: 'masked', documents: 'Documents', signed: 'signed', refused: 'refused',
  objected: 'objected', statement: 'Statement', recordings: 'Recordings', composed: 'One video: a derivative, not the original, made from {n} {n|recording|recordings}', messages: 'Written in the call', pictures: 'Photos and stills', openPdf: 'Open the PDF', save: 'Save the file', gap: 'gap', damaged: 'damaged when exported', derived: 'Derived ({how}) from the original, SHA-256 {sha}',
  metadata_removed: 'metadata removed', masked_text: 'personal data masked', printed_from_text: 'set anew from the text', left_out: 'left out', leftOut: 'Not in here: {list}', erased: 'erased when its time had ended', events: 'What happened', time: 'Time', event: 'Event', actor: 'By', demo: 'DEMO data, without force',
  played: 'This recording can’t be played', noFile: 'no file', lang: 'Language', pickFirst: 'after checking',
});
export const t = translator(messages);
