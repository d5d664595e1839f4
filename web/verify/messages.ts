import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  title: '文书核验', lead: '扫描文书上的二维码，或选择 PDF 文件，核对它是否由本中心签发、是否有效。', drop: '把 PDF 拖到这里', or: '或', pick: '选择 PDF 文件',
  local: '文件只在您的设备上计算摘要，不会上传。', checking: '正在核验…', unknown: '没有找到一致的文书',
  unknownMore: '本中心没有签发过内容与此完全一致的文书。文件可能被改动、重新保存过，或由其他单位签发；也请确认选择了正确的文件。如有疑问，请向文书上写明的单位核对。',
  in_force: '有效', proposed: '尚未全部签署', withdrawn: '已撤回，未生效', corrected: '有效，经复核补正', revoked: '已撤销', number: '文书编号', kind: '种类', issued: '签发时间', what: '核对内容', sha: 'SHA-256',
  determination: '道路交通事故认定书（简易程序）', agreement: '自行协商协议书', review_conclusion: '复核结论', correction: '补正说明',
  text: '二维码所载正文摘要一致', original: '文件与签发时固定的原件一致', copy: '文件与 {day} 出具的签署副本一致',
  textOnly: '这只说明这一编号的文书确由本中心签发；手中的纸件内容请与文书逐项核对，或选择 PDF 文件核验。', revokedMore: '已于 {day} 撤销，由 {number} 代替。', correctedMore: '{day} 经复核补正，须与 {number} 一并使用。',
  withdrawnMore: '{day} 撤回。', noCrypto: '此浏览器无法在本机计算摘要，请用最新的浏览器打开。', notPdf: '请选择不超过 20 MB 的 PDF 文件。', slow: '请稍后再试。',
}, {
  title: 'Check a document', lead: 'Scan the code on a document, or choose its PDF, to see whether this centre issued it and whether it stands.', drop: 'Drop the PDF here', or: 'or', pick: 'Choose a PDF',
  local: 'The file stays on your device: only its digest is compared.', checking: 'Checking…', unknown: 'No such document was found',
  unknownMore: 'This centre has issued no document with exactly this content. The file may have been changed or saved anew, or come from somebody else; do see whether it is the right one. When in doubt, ask the unit that is named on it.',
  in_force: 'In force', proposed: 'Not yet signed by all', withdrawn: 'Withdrawn, never in force', corrected: 'In force, corrected by a review', revoked: 'Revoked', number: 'Number', kind: 'Kind', issued: 'Issued', what: 'Compared', sha: 'SHA-256',
  determination: 'Determination of a road accident (simplified)', agreement: 'Agreement of the parties', review_conclusion: 'Conclusion of a review', correction: 'Correction',
  text: 'The digest of the text in the code is right', original: 'The file is the original as it was issued', copy: 'The file is a signed copy handed out on {day}',
  textOnly: 'This says that a document of this number was issued; compare the paper in your hand with it, or choose its PDF here.', revokedMore: 'Revoked on {day}; {number} stands in its place.', correctedMore: 'Corrected by a review on {day}; to be read together with {number}.',
  withdrawnMore: 'Withdrawn on {day}.', noCrypto: 'This browser cannot compute a digest; use a current one.', notPdf: 'Choose a PDF of at most 20 MB.', slow: 'Try again in a moment.',
});
export const t = translator(messages);
