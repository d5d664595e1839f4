// Words of a party's form that saves itself, and of who may determine.
import { catalogue, translator } from '@shared/i18n';

export const partyMessages = catalogue({
  waits: '还没有全部保存', collectOnly: '本席位只收集，不作认定', collectOnlyText: '认定书由定责岗民警填写和出具（第5条），这里填的事实和责任只用于双方的协议。材料收齐后按 H 移交，通话不中断。',
}, {
  waits: 'Not everything is saved yet', collectOnly: 'This seat collects and does not determine', collectOnlyText: 'The determination is the officer’s (art. 5); facts and liability entered here go into the parties’ agreement only. Press H to hand over once everything is collected; the call goes on.',
});
export const tp = translator(partyMessages);
