// A small stand-in for the service, for looking at the pages and driving them without a daemon: serves the built pages
// under the real content security policy, and a driver's case in memory that a test moves from state to state.
import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
  + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
const NOW = () => new Date().toISOString();
export const CASE_ID = '01935a00-0000-7000-8000-000000000001';
export const PARTY_ID = '01935a00-0000-7000-8000-00000000000a';
export const DOCUMENT_TEXT = `道路交通事故认定书（简易程序）

编号：D-20261123-000018

事故时间：2026年11月23日09时36分
事故地点：商州区北新街与工农路路口
天气：晴
事故形态：碰撞运动车辆；侧面碰撞（同向）

当事人甲：张三
驾驶证号：（略）
车辆：小型汽车，号牌 陕H12345
碰撞部位：右前部

当事人乙：李四
车辆：小型汽车，号牌 陕HD80116
碰撞部位：左后部

基本事实：
2026年11月23日09时36分，甲驾驶陕H12345小型汽车沿北新街由东向西行驶至工农路路口，变更车道时，右前部与乙驾驶的陕HD80116小型汽车左后部接触，致两车受损，无人员受伤。

成因：
甲变更车道时影响了相关车道内行驶的机动车的正常行驶。

责任：
依据《道路交通安全法实施条例》第四十四条第二款，甲负全部责任，乙无责任。

理由与证据：
一、画面 3 显示甲车右前部与乙车左后部接触。
二、录像 02:14，甲陈述“我往右并线”。

对认定有异议的，可以自送达之日起三个工作日内，书面向上一级公安机关交通管理部门申请复核。
`;
const limit = (part) => ({ how_zh: null, how_en: null, kind: 'law', party_id: PARTY_ID, starts: 'served', started_at: NOW(), unit: 'working_day', state: 'running', provisional: false, ended_at: null, ...part });
/** As the service has them for a document served on 30 September 2026. */
const DEADLINES = [
  limit({ code: 'REVIEW_REQUEST', title_zh: '申请复核', title_en: 'Ask for a review', how_zh: '写一份复核申请，写明复核请求、理由和主要证据，交给作出认定的交警部门，或者直接交给它的上一级交警部门。', how_en: 'Write a request with what you ask for, your reasons and main evidence, and hand it to the traffic police unit that issued the document or to the one above it.', bound: 'party', count: 3, due_on: '2026-10-10', days_left: 1, state: 'due_soon', legal_basis: '道路交通事故处理程序规定第71条' }),
  limit({ code: 'MEDIATION_REQUEST', title_zh: '申请交警调解赔偿', title_en: 'Ask the police to mediate compensation', how_zh: '各方当事人一起写一份书面申请。', how_en: 'All parties together, in writing.', bound: 'parties', count: 10, due_on: '2026-10-20', days_left: 8, legal_basis: '道路交通事故处理程序规定第86条' }),
  limit({ code: 'SUIT', title_zh: '向法院起诉要求赔偿', title_en: 'Sue for compensation', starts: 'occurred', kind: 'local_policy', bound: 'party', count: 3, unit: 'year', due_on: '2029-10-01', days_left: 1088, provisional: true, legal_basis: '道路交通安全法第74条；民法典第188条' }),
];
const SHA = createHash('sha256').update(DOCUMENT_TEXT).digest('hex');

export function newCase(body = {}) {
  return {
    id: CASE_ID, number: 'C-20261123-000042', state: 'triaged', version: 1, rules_number: 1, county: '611002', county_name: '商州区', channel: 'web', occurred_at: NOW(),
    created_at: NOW(), queued_at: null, claimed_at: null, evacuated_at: null, determined_at: null, served_at: null, closed_at: null, closing_code: null, on_scene_at: null, on_scene_reason: null,
    place: body.place ?? { text: '商州区北新街与工农路路口' }, triage: body.triage ?? {}, eligibility: { outcome: 'remote', grounds: [{ code: 'SIMPLIFIED', legal_basis: '道路交通事故处理程序规定第20条、第23条', title_zh: '只有车辆损失，车能开走', title_en: 'Damage only, vehicles can drive' }] },
    consents: [], officer: null,
    parties: [{ id: PARTY_ID, label: '甲', is_reporter: true, connected: true, last_seen_at: null, decision: null, name: '张三', phone: '13800000000', plate_number: '陕H12345', plate_type: '02', ...(body.party ?? {}) }],
    agreement: { status: 'none', allowed: true, grounds: [], draft: { occurred_at: NOW(), place_text: null, weather: null, accident_form: null, collision_type: null, collision_object: null, facts: null, parties: [], compensation: null, payments: [] }, missing: [], document_id: null, updated_at: null, agreed_at: null },
    stills: [], shot_list: { accident_form: null, gate: true, items: ['front_overview', 'rear_overview', 'impact_point', 'plate_own'].map((code) => ({ code, required: code !== 'plate_own', taken: false })) }, determination: null, documents: [], late_report: null, review: null, deadlines: [], call: { live: false, participants: [] }, queue: null,
  };
}

export class Mock {
  constructor(dist) { this.dist = dist; this.streams = new Set(); this.seq = 0; this.case = null; this.offers = []; this.requests = []; this.fail = null; this.queue = { position: 3, expected_wait_s: 95 }; }
  async listen(port = 0) {
    this.server = createServer((request, response) => void this.serve(request, response));
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }
  close() { for (const stream of this.streams) stream.destroy(); this.server.closeAllConnections?.(); this.server.close(); }
  emit(type, data = {}) {
    this.seq += 1;
    for (const stream of this.streams) stream.write(`id: ${this.seq}\nevent: ${type}\ndata: ${JSON.stringify({ type, case_id: CASE_ID, at: NOW(), ...data })}\n\n`);
  }
  dropStreams() { for (const stream of this.streams) stream.destroy(); }
  /** Moves the case, as an officer would. */
  set(part) { Object.assign(this.case, part); this.case.version += 1; this.emit('case.updated', { state: this.case.state, version: this.case.version }); }
  claim() { this.set({ state: 'in_call', claimed_at: NOW(), queue: null, officer: { id: 'o1', name: '王建国', badge_number: '061203' } }); }
  issue() {
    this.set({ state: 'determined', determined_at: NOW(), documents: [{ id: 'd1', kind: 'determination', number: 'D-20261123-000018', sha256: SHA, pdf_sha256: SHA, issued_at: NOW(), url: `/api/v1/cases/${CASE_ID}/documents/d1`, signatures: [] }] });
  }
  json(response, status, body, headers = {}) {
    response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }
  async serve(request, response) {
    const url = new URL(request.url, 'http://x');
    const path = url.pathname;
    if (!path.startsWith('/api/')) return this.file(path, response);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const body = request.headers['content-type']?.includes('json') && raw.length ? JSON.parse(raw.toString()) : null;
    this.requests.push({ method: request.method, path, headers: request.headers, body });
    if (this.fail?.(request.method, path, response)) return undefined;
    return this.api(request, response, path, body, raw);
  }
  file(path, response) {
    let file = path;
    if (path === '/' || path.startsWith('/p/')) file = '/driver/index.html';
    else if (path === '/desk' || path.startsWith('/desk/')) file = '/desk/index.html';
    else if (path === '/audit' || path.startsWith('/audit/')) file = '/audit/index.html';
    const at = join(this.dist, file);
    if (!existsSync(at) || !statSync(at).isFile()) { response.writeHead(404); response.end(); return; }
    response.writeHead(200, { 'Content-Type': TYPES[extname(at)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP });
    response.end(readFileSync(at));
  }
  api(request, response, path, body, raw) {
    const { method } = request;
    const at = `/api/v1/cases/${CASE_ID}`;
    const authorized = request.headers.authorization === 'Bearer tok1';
    if (path === '/api/v1/config') return this.json(response, 200, { demo: true, centre_name: { zh: '商洛市事故远程快处中心', en: 'Shangluo remote centre' }, targets: { answer_s: 60, clear_s: 240, close_s: 900 } });
    if (path === '/api/v1/codes') return this.json(response, 200, { shots: [
      { code: 'front_overview', zh: '车前方全景', en: 'In front, the whole scene', hint_zh: '站在车前3至5米，拍到两车和道路标线。', hint_en: 'From 3 to 5 m in front.', required: true },
      { code: 'rear_overview', zh: '车后方全景', en: 'Behind, the whole scene', hint_zh: '站在车后3至5米，拍到两车和道路标线。', hint_en: 'From 3 to 5 m behind.', required: true },
      { code: 'impact_point', zh: '碰撞部位', en: 'Point of impact', hint_zh: '靠近拍清楚两车接触的位置。', hint_en: 'Close up.', required: true },
      { code: 'plate_own', zh: '本车号牌', en: 'Own plate', hint_zh: '拍清楚本车号牌。', hint_en: 'The plate.', required: false }] });
    if (path === '/api/v1/cases' && method === 'POST') {
      this.case ??= newCase(body);
      const grave = body.triage.death || body.triage.injury === 'serious' || body.triage.alcohol_or_drugs;
      if (grave) this.case.eligibility = { outcome: 'on_scene', grounds: [{ code: 'INJURY_SERIOUS', legal_basis: '道路交通事故处理程序规定第13条', title_zh: '有人受伤较重', title_en: 'Somebody is badly hurt' }] };
      return this.json(response, 201, { case: this.case, party: this.case.parties[0], token: 'tok1', url: '/p/tok1', eligibility: this.case.eligibility });
    }
    if (!authorized) return this.json(response, 401, { title: 'no identity', status: 401 });
    if (path === '/api/v1/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(`retry: 1000\n\nid: ${this.seq}\nevent: hello\ndata: {"type":"hello","seq":${this.seq}}\n\n`);
      this.streams.add(response);
      response.on('close', () => this.streams.delete(response));
      return undefined;
    }
    if (path === '/api/v1/ice-servers') return this.json(response, 200, { ice_servers: [], expires_at: null });
    if (path === '/api/v1/cases') return this.json(response, 200, { items: [this.case], next_cursor: null });
    if (path === at) return this.json(response, 200, this.case, { ETag: `"v${this.case.version}"` });
    if (path === `${at}/queue` && method === 'POST') { this.set({ state: 'waiting', queued_at: NOW(), queue: this.queue }); return this.json(response, 200, this.queue); }
    if (path === `${at}/queue`) { this.set({ state: 'triaged', queue: null }); response.writeHead(204); response.end(); return undefined; }
    if (path === `${at}/on-scene`) { this.set({ state: 'on_scene', on_scene_at: NOW() }); return this.json(response, 200, { case: this.case }); }
    if (path === `${at}/photos`) { const shot = new URL(request.url, 'http://x').searchParams.get('shot'); const still = { id: `s${raw.length}`, kind: 'photo', shot }; const { items, ...list } = this.case.shot_list; this.set({ stills: [...this.case.stills, still], shot_list: { ...list, items: items.map((one) => ({ ...one, taken: one.taken || one.code === shot })) } }); return this.json(response, 201, { still }); }
    if (path === `${at}/documents/d1` && request.headers.accept === 'application/pdf') { response.writeHead(200, { 'Content-Type': 'application/pdf' }); response.end('%PDF-1.5'); return undefined; }
    if (path === `${at}/documents/d1`) { response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }); response.end(DOCUMENT_TEXT); return undefined; }
    if (path === `${at}/documents/d1/signatures`) {
      const signature = { party_id: PARTY_ID, label: '甲', decision: body.decision, statement: body.statement ?? null, signed_at: NOW(), signature_object_id: null, document_sha256: SHA };
      this.signed = body;
      const [document] = this.case.documents;
      this.set({ state: 'served', served_at: NOW(), documents: [{ ...document, signatures: [signature] }], deadlines: DEADLINES });
      return this.json(response, 201, { signature, case: this.case });
    }
    if (path === `${at}/call` && method === 'GET') return this.json(response, 200, { participants: [] });
    return this.json(response, 404, { title: 'not found', status: 404, detail: path });
  }
}
