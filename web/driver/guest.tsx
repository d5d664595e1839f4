// The page of a guest's link: what it is for, then the call; and what this kind of guest may read.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Api, ApiError, errorText } from '@shared/api';
import { Call, type CallState } from '@shared/call';
import { Chat } from '@shared/chat';
import { EventStream } from '@shared/events';
import { alive, LocalMedia } from '@shared/media';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { guestWord, personName } from '@shared/people';
import { Store, useStore } from '@shared/store';
import type { CaseState, KcEvent, OwnInvitation, Still } from '@shared/types';
import { Banner, Button, Dialog, Icon, LiveVideo, SoundButton } from '@shared/ui';
import { NetMeter } from '@shared/ui/meter';
import { t } from './messages';
import { Loading } from './screens/before';
import { Ended } from './screens/after';
import { ListeningNotice } from '@shared/ui/listening';
import { callWord, Control, ReconnectNotice, Tiles } from './screens/call';
import { DemoStrip, Heading, Shell, tellNews } from './shell';
import { TalkButton, tellMessage } from './talk';
import { keepAwake } from './wake';

const OPEN: ReadonlySet<CaseState> = new Set(['in_call', 'evidence_fixed', 'determined', 'agreed', 'served']);
const POLL_MS = 15000;

interface GuestState { phase: 'loading' | 'ready' | 'dead'; own: OwnInvitation | null; error: unknown }

class GuestSession extends Store<GuestState> {
  readonly api: Api;
  readonly events: EventStream;
  readonly local = new LocalMedia({ facing: 'user', width: 640, height: 480 });
  readonly call = new Store<Call | null>(null);
  readonly chat = new Store<Chat | null>(null);
  private poll: ReturnType<typeof setInterval> | undefined;

  constructor(token: string) {
    super({ phase: 'loading', own: null, error: null });
    const credentials = { token: () => token };
    this.api = new Api(credentials);
    this.events = new EventStream({ credentials });
  }

  start(): void {
    this.events.on((event) => this.onEvent(event));
    this.events.onConnect(() => void this.refresh());
    this.events.start();
    this.poll = setInterval(() => void this.refresh(), POLL_MS);
    void this.refresh();
  }

  stop(): void {
    clearInterval(this.poll);
    this.chat.value?.stop();
    this.events.stop();
    this.leave();
  }

  private onEvent(event: KcEvent): void {
    if (event.type === 'guest.revoked' && event.guest_id === this.value.own?.guest.id) this.die();
    else if (/^(case|document|still)\./.test(event.type)) void this.refresh();
  }

  private die(): void {
    this.stop();
    this.patch({ phase: 'dead' });
  }

  async refresh(): Promise<void> {
    if (this.value.phase === 'dead') return;
    try {
      this.patch({ phase: 'ready', own: await this.api.ownInvitation(), error: null });
      if (this.call.value && !OPEN.has(this.value.own!.case.state)) this.leave();
    } catch (error) {
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) this.die();
      else this.patch({ error });
    }
  }

  async join(withCamera: boolean): Promise<void> {
    const { own } = this.value;
    if (!own) return;
    await this.local.setCameraOff(!withCamera);
    await this.local.open();
    const call = new Call({
      api: this.api, caseId: own.case.id, local: this.local, events: this.events, self: { kind: 'guest', id: own.guest.id }, onNews: tellNews,
      mayCall: async () => { await this.refresh(); return OPEN.has(this.value.own?.case.state ?? 'closed'); },
    });
    this.call.set(call);
    if (!this.chat.value) this.chat.set(new Chat({ api: this.api, caseId: own.case.id, events: this.events, self: own.guest.id, onNews: tellMessage }).start());
    call.start();
  }

  leave(): void {
    this.call.value?.hangUp();
    this.call.set(null);
    this.local.close();
  }
}

export function GuestPage({ token }: { token: string }) {
  const session = useMemo(() => new GuestSession(token), [token]);
  useEffect(() => { session.start(); return () => session.stop(); }, [session]);
  const { phase, own, error } = useStore(session);
  const call = useStore(session.call);
  useEffect(() => (call ? keepAwake() : undefined), [call]);
  if (phase === 'dead') return <Ended testid="dead" title={t('guestGone')} text={t('guestGoneText')} action={t('guestReload')} onAction={() => location.reload()} />;
  if (!own) return error ? <Shell testid="guest"><Banner tone="bad" icon="warning" urgent>{errorText(error)}</Banner></Shell> : <Loading />;
  return call ? <GuestCall session={session} own={own} call={call} /> : <Welcome session={session} own={own} />;
}

const roleOf = ({ guest }: OwnInvitation) => (guest.party_label ? t('guestOf', { label: partyMark(guest.party_label) }) : guestWord(guest.kind));

function Welcome({ session, own }: { session: GuestSession; own: OwnInvitation }) {
  const open = OPEN.has(own.case.state);
  return (
    <Shell testid="guest" foot={<>
      <Button kind="primary" size="l" block icon="camera" disabled={!open} testid="guest-join" onClick={() => void session.join(true)}>{t('guestCamera')}</Button>
      <Button size="l" block icon="mic" disabled={!open} testid="guest-join-sound" onClick={() => void session.join(false)}>{t('guestSound')}</Button></>}>
      <Heading lead={t('guestLead')}>{t('guestTitle')}</Heading>
      <div class="guest__who" data-testid="guest-who">
        <b>{own.guest.name}</b><span>{roleOf(own)}</span>
        <span class="num">{own.case.number}</span>
        {own.officer && <span>{t('guestWith', { name: own.officer.name })} <span class="num">{own.officer.badge_number}</span></span>}
      </div>
      <Banner icon="record">{t('guestRecorded')}</Banner>
      {!open && <Banner tone="warn" icon="clock" testid="guest-closed">{t('guestClosed')}</Banner>}
      <Papers session={session} own={own} />
    </Shell>
  );
}

/** The documents and pictures that this kind of guest may see. */
function Papers({ session, own }: { session: GuestSession; own: OwnInvitation }) {
  const [text, setText] = useState<{ number: string; body: string } | null>(null);
  const read = (document: OwnInvitation['documents'][number]) => {
    setText({ number: document.number, body: t('guestReading') });
    session.api.documentText(own.case.id, document.id).then((found) => setText({ number: document.number, body: found.text }), (error: unknown) => setText({ number: document.number, body: errorText(error) }));
  };
  if (own.documents.length === 0 && own.stills.length === 0) return null;
  return (
    <section class="guest__papers">
      {own.documents.map((document) => <Button key={document.id} icon="document" size="m" testid="guest-document" onClick={() => read(document)}>{t('guestPapers')} {document.number}</Button>)}
      {own.stills.length > 0 && <h2>{own.guest.party_label ? t('guestStills', { label: partyMark(own.guest.party_label) }) : t('guestStillsAll')}</h2>}
      <div class="guest__stills">{own.stills.map((still) => <Picture key={still.id} session={session} still={still} />)}</div>
      {text && <Dialog sheet title={text.number} onClose={() => setText(null)} foot={<Button size="l" block onClick={() => setText(null)}>{ts('close')}</Button>}><pre class="reading">{text.body}</pre></Dialog>}
    </section>
  );
}

function Picture({ session, still }: { session: GuestSession; still: Still }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    void session.api.objectUrl(still.url).then((found) => { made = found; setUrl(found); }, () => undefined);
    return () => { if (made) URL.revokeObjectURL(made); };
  }, [still.id]);
  return url ? <img src={url} width={still.width} height={still.height} alt={still.shot ?? t('guestStillsAll')} data-testid="guest-still" /> : null;
}

function GuestCall({ session, own, call }: { session: GuestSession; own: OwnInvitation; call: Call }) {
  const state: CallState = useStore(call);
  const local = useStore(session.local);
  const chat = useStore(session.chat);
  const [reading, setReading] = useState(false);
  const main = state.others.find((one) => one.main);
  const papers = own.documents.length + own.stills.length > 0;
  return (
    <div class="screen call call--guest" data-testid="screen-guest-call">
      <DemoStrip />
      <div class="call__stage">
        {!state.remoteVideo && <div class="call__none"><Icon name="camera_off" size="l" /></div>}
        <LiveVideo stream={state.remote} label={main ? personName(main.who) : t('callOfficer')} testid="call-remote-video" class={state.remoteVideo ? 'call__video' : 'officer__video--none'} />
      </div>
      <main class="call__over">
        <h1 class="visually-hidden" tabIndex={-1}>{t('guestTitle')}</h1>
        <div class="call__top">
          <span class={`recmark${state.phase === 'connected' ? ' recmark--live' : ''}`} role="status" data-testid="call-state" data-phase={state.phase}>
            <i class={state.phase === 'connected' ? 'dot dot--live' : 'dot'} aria-hidden="true" />{state.phase === 'connected' ? `${t('callRecording')}${main ? ` · ${personName(main.who)}` : ''}` : callWord(state.phase, false, false)}
          </span>
          <span class="netmark"><NetMeter level={state.network.level} words api={session.api} caseId={own.case.id} testid="network" nameOf={personName} /></span>
        </div>
        <ListeningNotice call={call} />
        <Tiles others={state.others.filter((one) => !one.main)} />
        <ReconnectNotice state={state} />
        <SoundButton class="call__sound" />
        {alive(local.video) && <div class="tiles"><div class="tile tile--self"><LiveVideo stream={local.stream} muted mirror label={t('guestYou')} testid="self-video" class="tile__video" /><span class="tile__name">{t('guestYou')}</span></div></div>}
        <div class="call__grow" />
        {papers && <Button size="m" icon="document" testid="guest-papers" onClick={() => setReading(true)}>{own.documents.length > 0 ? t('guestPapers') : t('guestStillsAll')}</Button>}
        <div class="controls" role="toolbar" aria-label={t('guestTitle')}>
          <Control icon={local.cameraOff ? 'camera_off' : 'camera'} text={local.cameraOff ? t('cameraOn') : t('cameraOff')} testid="camera-off" pressed={local.cameraOff} onClick={() => void session.local.setCameraOff(!local.cameraOff)} />
          <Control icon={local.muted ? 'mic_off' : 'mic'} text={local.muted ? t('unmute') : t('mute')} testid="mute" pressed={local.muted} onClick={() => session.local.setMuted(!local.muted)} />
          {chat && <TalkButton chat={chat} />}
          <Control icon="hangup" text={t('callEnd')} testid="hang-up" end onClick={() => session.leave()} />
        </div>
      </main>
      {reading && <Dialog sheet title={own.case.number} onClose={() => setReading(false)} foot={<Button size="l" block onClick={() => setReading(false)}>{ts('close')}</Button>}><Papers session={session} own={own} /></Dialog>}
    </div>
  );
}
