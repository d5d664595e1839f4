import { catalogue, translator } from '@shared/i18n';

export const messages = catalogue({
  log: '存证日志', intro: '案件的每次变更、证据的每次查看，都是此日志中的一条记录。已公布的检查点由本服务签名，由见证人会签；持有任何一份检查点的人，都能查出此后的删改、截断和回退。',
  none: '尚未公布检查点；有记录后数秒即公布。', origin: '名称', size: '记录数', root: '根哈希', save: '保存检查点', keys: '签名公钥', inForce: '现用', until: '{from} 至 {until}', from: '{from} 起',
  witnesses: '见证人', noWitnesses: '没有见证人。请让本机构以外的单位运行 kuaichu witness，并在设置 witness 中写明。', quorum: '满 {n} 名见证人会签后公布', atOnce: '签名后立即公布，不等待会签',
  witness: '名称', cosigned: '最近会签', behind: '落后 {n} 条', upToDate: '已会签最新检查点', never: '从未会签', state: '状态', away: '未会签', alarm: '与本日志矛盾', loading: '正在打开…',
  alarmTitle: '见证人所知与本日志不符', alarmText: '数据库可能被回退或改写。请停止办案，保全数据目录，用见证人的检查点运行 kuaichu log verify。', copy: '复制', copied: '已复制',
}, {
  log: 'Log of evidence', intro: 'Every change of a case and every look at evidence is an entry of this log. A published checkpoint is signed by this service and cosigned by witnesses; whoever keeps one can show any later deletion, change or rollback.',
  none: 'No checkpoint has been published yet; one comes some seconds after an entry.', origin: 'Name', size: 'Entries', root: 'Root hash', save: 'Save the checkpoint', keys: 'Signing keys', inForce: 'in force', until: '{from} to {until}', from: 'since {from}',
  witnesses: 'Witnesses', noWitnesses: 'There is none. Have somebody outside this office run kuaichu witness, and name it in the setting witness.', quorum: 'published when {n} {n|witness has|witnesses have} cosigned', atOnce: 'published once it is signed, without waiting for cosignatures',
  witness: 'Name', cosigned: 'Last cosigned', behind: '{n} {n|entry|entries} behind', upToDate: 'has cosigned the newest checkpoint', never: 'has never cosigned', state: 'State', away: 'has not cosigned', alarm: 'contradicts the log', loading: 'Opening…',
  alarmTitle: 'A witness knows another history than this log', alarmText: 'The database may have been put back or written anew. Stop working on cases, keep the data folder as it is, and run kuaichu log verify with the checkpoint of the witness.', copy: 'Copy', copied: 'Copied',
});
export const t = translator(messages);
