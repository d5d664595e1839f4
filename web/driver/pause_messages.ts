// Words of the private way to say that one feels pressed. Calm, and short: somebody may look over the shoulder.
import { catalogue, translator } from '@shared/i18n';

export const pauseMessages = catalogue({
  open: '不想现在签？', title: '先停一停', lead: '如果您觉得被催、被逼，或者没看懂，可以悄悄告诉民警。签名会先停下来，对方不会知道是谁、为什么。', reason: '是哪一种情况？（可以不选）',
  other_party: '对方在催我、逼我', officer: '民警催得太急', hurry: '我需要更多时间', not_understood: '内容没看懂', other: '其他', words: '想说的话（可以不写）', tell: '暂停签名，告诉民警', leave: '返回',
  paused: '签名已暂停', pausedText: '只有民警知道。请保持在线，民警会单独和您说话。', pausedAlone: '只有值班民警知道，会有人联系您。', back: '没事了，继续', resumed: '民警已处理，可以继续了。不同意可以不签。', sent: '已请警察到现场处理。',
}, {
  open: 'Don’t want to sign now?', title: 'Stop for a moment', lead: 'If you feel hurried or pressed, or have not understood it, tell the officer quietly. Signing stops; the others do not learn who said so, or why.', reason: 'What is it? (you need not say)',
  other_party: 'The other side presses me', officer: 'The officer hurries me', hurry: 'I need more time', not_understood: 'I don’t understand it', other: 'Something else', words: 'What you want to say (you need not)', tell: 'Stop the signing, tell the officer', leave: 'Back',
  paused: 'Signing is paused', pausedText: 'Only the officer knows. Please stay here: they will speak with you alone.', pausedAlone: 'Only the officers on duty know; somebody will get in touch.', back: 'It’s all right, go on', resumed: 'The officer has dealt with it, and it can go on. You need not sign.', sent: 'An officer is being sent to you.',
});
export type PauseKey = keyof typeof pauseMessages.zh;
export const tp = translator(pauseMessages);
