// Words of the shot list and of clearing the road.
import { catalogue, translator } from '@shared/i18n';

export const shotMessages = catalogue({
  required: '须拍', missing: '还没有拍全', missingLead: '按这类事故的拍摄清单，撤离前还要拍：', freeze: '固定为{shot}', anyway: '不等拍全就撤离', anywayLead: '选择理由，理由和缺少的画面会写入案件经过。', whole: '已经拍全，可以撤离。', clear: '通知撤离', missingTag: '缺 {n}',
}, {
  required: 'required', missing: 'Shots are missing', missingLead: 'By the list of this kind of accident these come before the road is cleared:', freeze: 'Freeze as {shot}', anyway: 'Clear it without them', anywayLead: 'Choose why; the reason and the missing shots are kept with the case.', whole: 'The list is complete; the road may be cleared.', clear: 'Clear the road', missingTag: '{n} missing',
});
export const tsh = translator(shotMessages);
