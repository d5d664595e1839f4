// Words of the review by the next higher unit, at the desk.
import { catalogue, translator } from '@shared/i18n';

export const reviewMessages = catalogue({
  title: '上级复核', of: '复核 {number}', by: '{label}方申请', noDue: '无期限',
  asked: '待移送', forwarded: '上级审查中', concluded: '待送达', served: '已送达', withdrawn: '已撤回',
  request: '复核请求', reasons: '理由', evidence: '主要证据', document: '原认定书', askedAt: '申请时间', forwardedAt: '移送（受理）时间', servedAt: '送达时间',
  forward: '连同案卷移送上一级', forwardText: '案卷包含认定书、签名、陈述、照片、录像清单和操作记录，附全部 SHA-256。移送后封存一份，不能更改。', forwarded2: '已移送',
  packet: '下载案卷', packetHash: '案卷 SHA-256',
  conclude: '录入复核结论', concluded2: '复核结论已录入', outcome: '结论', upheld: '维持', upheld_corrected: '补正后维持', anew: '责令重新认定', unit: '复核单位', reviewers: '复核人员（不少于二人）', reviewerName: '姓名 {n}', reviewerBadge: '警号 {n}', addReviewer: '增加一人',
  grounds: '原因（第76条第3款）', facts_unclear: '事实不清', evidence_insufficient: '主要证据不足', law_wrong: '适用法律错误', liability_unfair: '责任划分不公正', procedure_unlawful: '违反法定程序，可能影响认定',
  findings: '复核意见', correction: '补正内容', concludeAnew: '录入后案件重新打开，进入队列；原认定书在新认定书作出时撤销，全部记录保留。',
  serve: '已送达各方当事人', servedNow: '已记录送达', conclusion: '复核结论', correctionPaper: '补正书',
  suit: '记录法院受理诉讼', suitText: '法院受理后，应当将复核情况告知该法院（第75条）；复核继续进行。', court: '法院', acceptedOn: '受理日期', suitNoted: '已记录', suitOf: '{court} 于 {day} 受理诉讼，已由 {who} 告知复核情况',
  reopened: '重新办理', takeReopened: '接手',
  lateReports: '事后报警', lateOf: '事后报警 {number}', lateText: '现场已经撤除后才报警。经核查事故事实存在的，应当受理；无法证明事故事实存在，或者不属于本单位管辖的，书面告知当事人并说明理由。接听处理即视为受理。', lateAccept: '受理', lateDecline: '不予受理', lateAccepted: '已受理', lateDeclined: '已不予受理，并告知当事人', lateGround: '不予受理的原因', unproven: '无法证明事故存在', not_ours: '不属本单位管辖', lateReason: '告知当事人的理由', anewBanner: '上级责令重新认定：{why}', revoked: '已撤销，由 {number} 代替', old: '原认定书', readOld: '查看',
}, {
  title: 'Reviews above', of: 'Review {number}', by: 'asked for by party {label}', noDue: 'no limit',
  asked: 'to be forwarded', forwarded: 'with the unit above', concluded: 'to be served', served: 'served', withdrawn: 'taken back',
  request: 'Asked for', reasons: 'Reasons', evidence: 'Main evidence', document: 'Determination', askedAt: 'Asked', forwardedAt: 'Forwarded and accepted', servedAt: 'Served',
  forward: 'Forward with the file', forwardText: 'The file holds the determination, signatures, statements, pictures, the list of recordings and the log, with the SHA-256 of each. A copy is sealed as it went and can’t be changed.', forwarded2: 'Forwarded',
  packet: 'Download the file', packetHash: 'SHA-256 of the file',
  conclude: 'Enter the conclusion', concluded2: 'The conclusion has been entered', outcome: 'Outcome', upheld: 'Upheld', upheld_corrected: 'Upheld, corrected', anew: 'Determine anew', unit: 'Reviewing unit', reviewers: 'Reviewing officers (at least two)', reviewerName: 'Name {n}', reviewerBadge: 'Badge {n}', addReviewer: 'One more',
  grounds: 'Because (art. 76(3))', facts_unclear: 'the facts are unclear', evidence_insufficient: 'the main evidence is insufficient', law_wrong: 'the law was applied wrongly', liability_unfair: 'the liability is split unfairly', procedure_unlawful: 'the procedure was breached in a way that may matter',
  findings: 'Findings', correction: 'What was corrected', concludeAnew: 'The case opens again and joins the queue. The old determination is revoked once there is a new one; every record stays.',
  serve: 'Served on all parties', servedNow: 'The service is on record', conclusion: 'Conclusion', correctionPaper: 'Correction',
  suit: 'A court has accepted a suit', suitText: 'The court has to be told of the review (art. 75); the review goes on.', court: 'Court', acceptedOn: 'Accepted on', suitNoted: 'On record', suitOf: '{court} accepted a suit on {day}; told of the review by {who}',
  reopened: 'Opened again', takeReopened: 'Take it',
  lateReports: 'Late reports', lateOf: 'Late report {number}', lateText: 'Reported after the scene was cleared. It is accepted if the accident is found to have happened; if that can’t be shown, or it is another unit’s, the party is told why in writing. Whoever answers it has accepted it.', lateAccept: 'Accept', lateDecline: 'Decline', lateAccepted: 'Accepted', lateDeclined: 'Declined, and the party has been told', lateGround: 'Why it is declined', unproven: 'can’t be shown to have happened', not_ours: 'another unit’s', lateReason: 'What the party is told', anewBanner: 'To be determined anew: {why}', revoked: 'Revoked, replaced by {number}', old: 'Earlier determination', readOld: 'Read',
});

export type ReviewKey = keyof typeof reviewMessages.zh;
export const tr = translator(reviewMessages);
