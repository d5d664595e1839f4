// The page behind the code of a printed document: no account, and the file stays on the device.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { person, shot } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';

const NO = Object.fromEntries([
  'death', 'licence_problem', 'alcohol_or_drugs', 'overloaded_or_speeding_passenger_vehicle', 'plate_problem', 'cannot_move', 'party_left',
  'intent', 'no_inspection_or_insurance_mark', 'facility_damage', 'hazardous_goods'].map((key) => [key, false]));
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

describe('checking a document', () => {
  let service, visitor, agreement;
  const folder = mkdtempSync(join(tmpdir(), 'kc-verify-'));
  const by = (id) => visitor.page.getByTestId(id);
  const give = (bytes, name) => { const path = join(folder, name); writeFileSync(path, bytes); return by('file-input').setInputFiles(path); };
  const pdfOf = async () => Buffer.from(await (await fetch(`${service.url}${agreement.file}/documents/${agreement.document.id}`, { headers: { authorization: `Bearer ${agreement.token}`, accept: 'application/pdf' } })).arrayBuffer());

  /** Two drivers settle by themselves: what both are shown and then sign. */
  async function propose() {
    const vehicle = { vehicle_type: 'K3', insurer: 'picc', insurance_certificate: 'PDZA202661100001', licence_number: '612501198501010027' };
    const { case: made, party, token } = await service.api('POST', '/api/v1/cases', { body: {
      channel: 'web', place: { text: '商州区北新街与工农路路口' }, triage: { ...NO, injury: 'none' }, consents: ['recording', 'location', 'electronic_service'],
      party: { name: '张三', phone: '13800000000', plate_number: '陕H12345', plate_type: '02', ...vehicle } } });
    const file = `/api/v1/cases/${made.id}`;
    const other = (await service.api('POST', `${file}/parties`, { token, body: { name: '李四', phone: '13900000000', plate_number: '陕H54321', plate_type: '02', ...vehicle } })).party;
    const link = await service.api('POST', `${file}/invitations`, { token, body: { kind: 'party', party_id: other.id } });
    const photo = await fetch(`${service.url}${file}/photos`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' }, body: PNG });
    assert.equal(photo.status, 201);
    await service.api('PUT', `${file}/agreement`, { token, body: {
      occurred_at: new Date(Date.now() - 600000).toISOString(), place_text: '北新街', weather: '1', accident_form: '11', collision_type: '1', facts: null,
      parties: [{ party_id: party.id, collision_part: 'front', violations: ['REAR_END'], liability: 'full' }, { party_id: other.id, collision_part: 'rear', damage_cny: 800, liability: 'none' }],
      compensation: 'private', payments: [{ from_party_id: party.id, to_party_id: other.id, amount_cny: 800 }] } });
    const { document } = await service.api('POST', `${file}/agreement/propose`, { token });
    return { file, document, token, other: link.token };
  }

  before(async () => {
    service = await new Service({ port: 19550 + (process.pid % 50), workers: 1 }).start();
    agreement = await propose();
    visitor = await person({ permissions: [] });
    await visitor.page.goto(`${service.url}/verify`);
    await by('drop').waitFor();
  });
  after(async () => {
    if (visitor) await shot(visitor.page, 'verify-end').catch(() => {});
    await visitor?.close();
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says kindly that a file is unknown, and what is no PDF', async () => {
    await shot(visitor.page, '95-verify');
    await give('%PDF-1.5 something else', 'other.pdf');
    await by('unknown').getByText('没有找到一致的文书').waitFor();
    await by('unknown').getByText(sha256('%PDF-1.5 something else')).waitFor();
    await shot(visitor.page, '96-verify-unknown');
    await give('text', 'note.txt');
    await by('failed').getByText('PDF').waitFor();
  });

  it('knows the code of an agreement, and that not all have signed it', async () => {
    await visitor.page.goto(`${service.url}/verify#sha256=${agreement.document.sha256}`);
    await by('status').getByText('尚未全部签署').waitFor();
    await by('matched').getByText('二维码').waitFor();
    assert.equal(await by('number').textContent(), agreement.document.number);
    const shown = await visitor.page.locator('main').innerText();
    for (const personal of ['张三', '李四', '13800000000', '陕H12345']) assert.ok(!shown.includes(personal), personal);
  });

  it('once both have signed, the original and the signed copy are known, the file itself is not sent, and a changed one is not', async () => {
    const original = await pdfOf();
    for (const token of [agreement.token, agreement.other]) {
      await service.api('POST', `${agreement.file}/documents/${agreement.document.id}/signatures`, { token, body: { decision: 'signed', document_sha256: agreement.document.sha256, image_png: PNG.toString('base64') } });
    }
    const sent = [];
    visitor.page.on('request', (request) => sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
    await give(original, 'original.pdf');
    await by('status').getByText('有效', { exact: true }).waitFor();
    await by('matched').getByText('原件').waitFor();
    const copy = await pdfOf();
    assert.notEqual(sha256(copy), sha256(original));
    await give(copy, 'copy.pdf');
    await by('matched').getByText('签署副本').waitFor();
    await shot(visitor.page, '97-verify-found');
    copy[copy.length - 40] ^= 1;
    await give(copy, 'changed.pdf');
    await by('unknown').waitFor();
    assert.deepEqual(sent.filter((one) => !/^GET .*\/api\/v1\/verification\?sha256=[0-9a-f]{64} $/.test(one)), []);
  });

  it('reads in English, in the dark, on a phone', async () => {
    await by('lang').click();
    await give(await pdfOf(), 'copy.pdf');
    await by('status').getByText('In force').waitFor();
    await visitor.page.setViewportSize({ width: 390, height: 844 });
    await visitor.page.emulateMedia({ colorScheme: 'dark' });
    await shot(visitor.page, '98-verify-phone-dark-en');
    assert.deepEqual(visitor.page.barriers, []);
    assert.deepEqual(visitor.page.errors.filter((one) => !/404/.test(one)), []);
  });
});
