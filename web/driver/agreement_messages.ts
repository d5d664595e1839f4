// The words of the parties' own agreement; loaded with its screens.
import { catalogue, translator } from '@shared/i18n';

export const agreementMessages = catalogue({
  start: '双方自己协商', startHint: '没有争议的，可以自己商定责任和赔偿，各自在手机上签名。', resume: '继续自己协商', notAllowed: '这起事故不能自行协商', officer: '说不清楚，请警察视频认定', leave: '改为警察视频处理',
  label: '自行协商',
  photos: '先拍现场', photosLead: '拍好再挪车，然后协商。至少拍一张。',
  other: '对方的车', otherLead: '写对方的车牌号，再请对方扫码。', otherNoPlate: '对方的车没有号牌（电动车、自行车等）', otherScan: '请对方扫码', otherScanLead: '对方用手机扫这个码，各自填写自己的内容，都能看到同一份协议。', otherLink: '链接', otherQr: '对方的二维码', otherDone: '对方扫好了', copy: '复制链接', copied: '已复制',
  vehicle: '您开的是什么车？', vehicleMore: '其他', vehicleLead: '只说您自己的车。',
  papers: '您的证件', papersLead: '驾驶证和交强险保单上都有。', licence: '驾驶证号', idNumber: '身份证号', insurer: '保险公司', certificate: '交强险保单号', plate: '车牌号', papersHint: '18 位，多数与身份证号相同', name: '姓名', phone: '手机号',
  weather: '当时是什么天气？',
  how: '怎么碰上的？', howLead: '选最像的一种。', howForm: '对方的车当时', howMoving: '在动', howStanding: '停着',
  part: '您的车碰到哪里？', partLead: '选损坏最重的位置。',
  fault: '谁的责任？', faultLead: '商量好再选。对方会在自己的手机上看到，同意了才算数。', fault_mine: '我方全部责任', fault_theirs: '对方全部责任', fault_equal: '双方同等责任', fault_mostly_mine: '我方主要，对方次要', fault_mostly_theirs: '对方主要，我方次要',
  pay: '损失怎么处理？', pay_insurance: '走保险', pay_insurance_hint: '按责任找各自的保险公司理赔', pay_private: '不走保险，自己赔', pay_private_hint: '一方直接付给另一方', pay_none: '各自承担，互不赔付', pay_none_hint: '也不找保险公司', amount: '赔付金额（元）', amountLead: '{from}方付给{to}方', amountNeeded: '请填写金额，单位是元。', whoPays: '谁赔付？', iPay: '我方付', theyPay: '对方付',
  review: '看一遍', reviewLead: '都对了就提出，双方在各自的手机上看全文、签名。', open: '还要填写', othersOpen: '等对方在手机上填写', othersOpenText: '对方填好后，这里会自动更新。', propose: '提出协议，双方签名', change: '修改', none: '未填', rowWeather: '天气', rowHow: '碰撞方式', readAgain: '再看协议书', time: '时间', place: '地点', liability: '责任', damage: '赔偿', theOther: '对方', me: '我方',
  withdrawn_refused: '对方不同意，协议没有成立。可以修改后再提出，也可以请警察认定。', withdrawn_objected: '对方有异议，协议没有成立。可以修改后再提出，也可以请警察认定。', withdrawn_changed: '内容有修改，请看一遍，再重新提出。', withdrawn_mine: '您没有同意，协议没有成立。可以修改后再提出，也可以请警察认定。',
  docTitle: '请看协议书', docLead: '看完全文，再决定。不同意可以修改，也可以请警察认定。', refuse: '不同意', refuseTitle: '您不同意这份协议', refuseLead: '协议会撤回，可以修改后再商量，也可以请警察认定责任。', refuseText: '哪里不同意（可以不写）', refuseConfirm: '确认不同意', signMeaning: '签名表示您看过并同意这份协议，各方都签名后生效。',
  wait: '等对方签名', waitLead: '对方正在自己的手机上看。都签名后，协议自动生效。', done: '协议已达成', doneLead: '各方都已签名。请按协议履行；没有履行的，可以申请人民调解，也可以起诉（第 22 条）。',
}, {
  start: 'Settle it between us', startHint: 'Where nothing is disputed you may agree on liability and damage yourselves, and each signs on the own phone.', resume: 'Go on settling', notAllowed: 'This accident can’t be settled by the parties', officer: 'Not clear: ask an officer by video', leave: 'Ask an officer by video instead',
  label: 'Settle it ourselves',
  photos: 'Photos first', photosLead: 'Take them, then clear the road, then talk. At least one.',
  other: 'The other vehicle', otherLead: 'Its plate number; then the other driver scans a code.', otherNoPlate: 'It has no plate (e-bike, bicycle …)', otherScan: 'Have the other driver scan this', otherScanLead: 'Each fills in their own part on their own phone; both see the same agreement.', otherLink: 'Link', otherQr: 'QR code for the other driver', otherDone: 'It has been scanned', copy: 'Copy the link', copied: 'Copied',
  vehicle: 'What do you drive?', vehicleMore: 'Other', vehicleLead: 'Your own vehicle only.',
  papers: 'Your papers', papersLead: 'It stands on your licence and your compulsory insurance.', licence: 'Driving licence number', idNumber: 'Identity number', insurer: 'Insurer', certificate: 'Insurance certificate number', plate: 'Plate number', papersHint: '18 characters, mostly as on the identity card', name: 'Name', phone: 'Mobile number',
  weather: 'What was the weather?',
  how: 'How did you collide?', howLead: 'Choose what is most like it.', howForm: 'The other vehicle was', howMoving: 'moving', howStanding: 'standing',
  part: 'Where was your vehicle hit?', partLead: 'The place with the most damage.',
  fault: 'Who is liable?', faultLead: 'Talk it over first. The other driver sees it on their own phone; it counts only if both agree.', fault_mine: 'I bear it all', fault_theirs: 'The other bears it all', fault_equal: 'Both equally', fault_mostly_mine: 'Mostly me, partly the other', fault_mostly_theirs: 'Mostly the other, partly me',
  pay: 'What about the damage?', pay_insurance: 'By insurance', pay_insurance_hint: 'Each turns to the insurers, by liability', pay_private: 'Without insurance', pay_private_hint: 'One pays the other', pay_none: 'Each bears their own', pay_none_hint: 'No insurer is asked either', amount: 'Amount (CNY)', amountLead: 'Party {from} pays party {to}', amountNeeded: 'Please give the amount in yuan.', whoPays: 'Who pays?', iPay: 'I pay', theyPay: 'The other pays',
  review: 'Look it over', reviewLead: 'If it is right, propose it: each reads it all and signs on their own phone.', open: 'Still to fill in', othersOpen: 'Waiting for the other driver', othersOpenText: 'This changes by itself when they have filled it in.', propose: 'Propose it to be signed', change: 'Change', none: 'missing', rowWeather: 'Weather', rowHow: 'Collision', readAgain: 'Read it again', time: 'Time', place: 'Place', liability: 'Liability', damage: 'Damage', theOther: 'The other', me: 'Me',
  withdrawn_refused: 'The other driver did not agree. Change it and propose again, or ask an officer.', withdrawn_objected: 'The other driver objected. Change it and propose again, or ask an officer.', withdrawn_changed: 'Something was changed. Look it over and propose it again.', withdrawn_mine: 'You did not agree, so nothing is settled. Change it and propose again, or ask an officer.',
  docTitle: 'Please read the agreement', docLead: 'Read it all, then decide. If you don’t agree it can be changed, or an officer can determine.', refuse: 'Don’t agree', refuseTitle: 'You don’t agree', refuseLead: 'The proposal is withdrawn. Change it and talk again, or ask an officer to determine liability.', refuseText: 'What you don’t agree with, if you wish', refuseConfirm: 'I don’t agree', signMeaning: 'Signing means that you have read it and agree; it holds once all have signed.',
  wait: 'Waiting for the other signature', waitLead: 'The other driver is reading it on their own phone. It holds by itself once both have signed.', done: 'You have settled', doneLead: 'All have signed. Please keep to it; if someone does not, people’s mediation or the court is open (art. 22).',
});
export type AgreementKey = keyof typeof agreementMessages.zh;
export const ta = translator(agreementMessages);
