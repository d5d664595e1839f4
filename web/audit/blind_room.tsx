// A second look: the evidence as it plays, and the form beside it. Nothing here knows what others came to.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { pick, useLang } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { dayAndTime, timeWithSeconds } from '@shared/time';
import type { BlindLook, BlindQuestion, BlindScene, CallMessage, Codes, Liability, Recording, Still } from '@shared/types';
import { Banner, Button, Dialog, Pill, Select, Spinner, TextArea, toast } from '@shared/ui';
import { tb, type BlindKey } from './blind_messages';
import { messageMarks } from './marks';
import { Stage, useRoom } from './replay';
import { Seal } from './seal';
import { Messages } from './side';

const LIABILITIES: Liability[] = ['full', 'primary', 'equal', 'secondary', 'none', 'undeterminable'];
const CRITERIA: BlindQuestion[] = ['safety', 'evidence', 'procedure', 'manner'];
const NO_TIMELINE: never[] = [];

interface Opened { recordings: Recording[]; live: Still[]; codes: Codes; messages: CallMessage[] }

export function BlindRoom(props: { look: BlindLook; scene: BlindScene; onBack: () => void; onDone: () => void }) {
  useLang();
  const { case_id: id } = props.look;
  const [opened, setOpened] = useState<Opened | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    Promise.all([api.recordings(id), api.liveStills(id), api.codes(), api.messages(id)]).then(([recordings, live, codes, messages]) => setOpened({ recordings: recordings.items, live, codes, messages }), (failure) => setError(errorText(failure)));
  }, [id]);
  if (error) return <Banner tone="bad" icon="warning" action={<Button onClick={props.onBack}>{tb('back')}</Button>}>{error}</Banner>;
  if (!opened) return <div class="replay__loading"><Spinner /></div>;
  return <Open {...props} opened={opened} />;
}

function Open({ look, scene, opened, onBack, onDone }: { look: BlindLook; scene: BlindScene; opened: Opened; onBack: () => void; onDone: () => void }) {
  const room = useRoom(opened.recordings, NO_TIMELINE);
  const marks = messageMarks(opened.messages, room.originMs).map((mark) => ({ ...mark, atMs: Math.min(room.lengthMs, Math.max(0, mark.atMs)) }));
  return (
    <div class="replay replay--blind" data-testid="blind-room">
      <div class="replay__bar">
        <Button icon="back" onClick={onBack} testid="blind-back">{tb('back')}</Button>
        <b class="num">{look.case_number}</b><Pill tone="brand">{tb('blind')}</Pill>
        <span>{scene.place.text}</span>{scene.occurred_at && <span class="num">{dayAndTime(scene.occurred_at)}</span>}
        <span class="num">{tb('due', { at: dayAndTime(look.due_at) })}</span>{look.late && <Pill tone="warn">{tb('late')}</Pill>}
      </div>
      <Stage room={room} stills={opened.live} marks={marks} />
      <aside class="side" aria-label={tb('form')}>
        <Scene scene={scene} codes={opened.codes} />
        <Messages marks={marks} onSeek={(ms) => room.player.seek(ms)} />
        <Form look={look} scene={scene} codes={opened.codes} onDone={onDone} />
        <Seal verification={room.verification} recordings={opened.recordings} />
      </aside>
    </div>
  );
}

function Scene({ scene, codes }: { scene: BlindScene; codes: Codes }) {
  const [large, setLarge] = useState<Still | null>(null);
  const vehicle = (code: string | null) => { const found = codes.vehicle_type.find((one) => one.code === code); return found ? pick(found) : code; };
  return (
    <>
      <h2>{tb('scene')}</h2>
      <dl class="blind__scene">
        <div><dt>{tb('at')}</dt><dd class="num">{scene.occurred_at ? dayAndTime(scene.occurred_at) : '—'}</dd></div>
        <div><dt>{tb('place')}</dt><dd>{scene.place.text ?? '—'}</dd></div>
        <div><dt>{tb('injury')}</dt><dd>{tb(scene.triage.injury)}</dd></div>
        {scene.parties.map((one) => <div key={one.id}><dt>{tb('party', { label: partyMark(one.label) })}</dt><dd><span class="num">{one.plate_number ?? '—'}</span> {vehicle(one.vehicle_type)}</dd></div>)}
      </dl>
      <h2>{tb('pictures')}</h2>
      {scene.stills.length === 0 && <p class="side__none">{tb('picturesNone')}</p>}
      <div class="side__stills">{scene.stills.map((still) => (
        <button key={still.id} type="button" data-testid="blind-still" onClick={() => setLarge(still)}>
          <img src={still.url} alt={`${still.shot ?? ''} ${timeWithSeconds(still.taken_at)}`} loading="lazy" width={still.width} height={still.height} />
        </button>
      ))}</div>
      {large && <Dialog wide title={timeWithSeconds(large.taken_at)} onClose={() => setLarge(null)}><img class="blind__large" src={large.url} alt={`${large.shot ?? ''} ${timeWithSeconds(large.taken_at)}`} /></Dialog>}
    </>
  );
}

function Form({ look, scene, codes, onDone }: { look: BlindLook; scene: BlindScene; codes: Codes; onDone: () => void }) {
  const [liability, setLiability] = useState<Record<string, Liability | ''>>({});
  const [form, setForm] = useState('');
  const [scores, setScores] = useState<Partial<Record<BlindQuestion, string>>>({});
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const [asking, setAsking] = useState<'hand-in' | 'give-back' | null>(null);
  const whole = scene.parties.every((one) => liability[one.id]) && CRITERIA.some((one) => scores[one]);
  const wrong = (pointer: string) => (failure instanceof ApiError ? failure.field(pointer) : null);
  const send = () => {
    setAsking(null);
    api.handInBlindLook(look.id, {
      liability: scene.parties.map((one) => ({ party_id: one.id, liability: liability[one.id] as Liability })), accident_form: form || null,
      scores: CRITERIA.filter((one) => scores[one]).map((criterion) => ({ criterion, score: Number(scores[criterion]) })), text: text.trim() || null,
    }).then(() => { toast(tb('handedIn'), 'ok'); onDone(); }, setFailure);
  };
  return (
    <form class="blind__form" data-testid="blind-form" onSubmit={(event) => { event.preventDefault(); setFailure(null); setAsking('hand-in'); }}>
      <h2>{tb('form')}</h2>
      <p class="side__none">{tb('formLead')}</p>
      {scene.parties.map((one, index) => (
        <Select key={one.id} label={tb('liability', { label: partyMark(one.label) })} value={liability[one.id] ?? ''} empty={tb('choose')} testid={`blind-liability-${one.label}`} error={wrong(`/liability/${index}/liability`)}
          choices={LIABILITIES.map((value) => ({ value, text: codeText('liability', value) }))} onValue={(value) => setLiability({ ...liability, [one.id]: value as Liability })} />
      ))}
      <Select label={tb('accidentForm')} value={form} empty={tb('accidentFormNone')} testid="blind-accident-form" error={wrong('/accident_form')} choices={codes.accident_form.map((one) => ({ value: one.code, text: pick(one) }))} onValue={setForm} />
      <div class="scores">{CRITERIA.map((one) => (
        <Select key={one} label={tb(`q_${one}` as BlindKey)} value={scores[one] ?? ''} empty={tb('unscored')} testid={`blind-score-${one}`} choices={[1, 2, 3, 4, 5].map((n) => ({ value: String(n), text: tb('score', { n }) }))} onValue={(value) => setScores({ ...scores, [one]: value })} />
      ))}</div>
      <TextArea label={tb('text')} value={text} onValue={setText} maxLength={2000} testid="blind-text" error={wrong('/text')} />
      {failure !== null && <Banner tone="bad" icon="warning" urgent>{errorText(failure)}</Banner>}
      <span class="finding__acts">
        <Button kind="primary" type="submit" disabled={!whole} testid="blind-hand-in">{tb('handIn')}</Button>
        <Button testid="blind-give-back" onClick={() => setAsking('give-back')}>{tb('giveBack')}</Button>
      </span>
      {asking === 'hand-in' && <Dialog title={tb('handIn')} onClose={() => setAsking(null)} foot={<>
        <Button onClick={() => setAsking(null)}>{tb('cancel')}</Button><Button kind="primary" testid="blind-sure" onClick={send}>{tb('handIn')}</Button>
      </>}>{tb('sure')}</Dialog>}
      {asking === 'give-back' && <GiveBack look={look} onClose={() => setAsking(null)} onDone={onDone} />}
    </form>
  );
}

function GiveBack({ look, onClose, onDone }: { look: BlindLook; onClose: () => void; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | null>(null);
  const send = () => {
    if (!reason.trim()) { setError(tb('reasonNeeded')); return; }
    api.giveBackBlindLook(look.id, reason.trim()).then(() => { toast(tb('givenBack'), 'ok'); onDone(); }, (failure) => setError(errorText(failure)));
  };
  return (
    <Dialog title={tb('giveBackTitle')} onClose={onClose} testid="blind-back-dialog" foot={<>
      <Button onClick={onClose}>{tb('cancel')}</Button><Button kind="primary" testid="blind-back-sure" onClick={send}>{tb('giveBack')}</Button>
    </>}>
      <p>{tb('giveBackLead')}</p>
      <TextArea label={tb('reason')} value={reason} onValue={(one) => { setReason(one); setError(null); }} maxLength={2000} testid="blind-reason" error={error} />
    </Dialog>
  );
}
