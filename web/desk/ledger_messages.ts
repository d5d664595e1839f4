// Words of the consents of a party, at the desk.
import { catalogue, translator } from '@shared/i18n';

export const ledgerMessages = catalogue({
  consents: '同意事项', none: '没有', given: '同意', withdrawn: '撤回或不同意', told: '口头告知 {who}', self: '本人操作',
}, {
  consents: 'Consents', none: 'none', given: 'given', withdrawn: 'withdrawn or refused', told: 'told to {who}', self: 'by its own hand',
});
export type LedgerKey = keyof typeof ledgerMessages.zh;
export const tl = translator(ledgerMessages);
