// The frame of every screen: where one is, the way back, and help that is never more than a tap away.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { Store, useStore } from '@shared/store';
import { newsText } from '@shared/people';
import { useLate } from '@shared/late';
import type { Case, CallParticipant, Config } from '@shared/types';
import { ts } from '@shared/messages';
import { Button, Dialog, Icon, LangSwitch, LinkButton, TextArea, toast } from '@shared/ui';
import { t } from './messages';
import type { PartySession } from './session';

/** Who came and who went, in a word. */
export const tellNews = (who: CallParticipant, joined: boolean) => toast(newsText(who, joined));

export const config = new Store<Config | null>(null);

/** Whose page it is, once there is a case: its rights are in reach on every screen. */
export const own = new Store<{ session: PartySession; of: Case } | null>(null);

export function DemoStrip() {
  return useStore(config)?.demo ? <div class="demo-strip" data-testid="demo-strip">{ts('demoStrip')}</div> : null;
}

function Dots({ at, of }: { at: number; of: number }) {
  return (
    <span class="dots" role="img" aria-label={t('stepOf', { step: at, count: of })}>
      {Array.from({ length: of }, (_, index) => <i key={index} class={index < at ? 'on' : ''} />)}
    </span>
  );
}

export interface ShellProps {
  children: ComponentChildren; foot?: ComponentChildren; progress?: { at: number; of: number }; onBack?: (() => void) | null; testid: string;
  onSendOfficer?: ((reason: string) => Promise<void>) | null; notice?: ComponentChildren; label?: string;
  /** Changes when the screen is another one: its heading takes the focus, so that a screen reader reads on. */
  focusKey?: string;
}
export function Shell(props: ShellProps) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    main.current?.scrollTo(0, 0);
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [props.focusKey ?? props.testid]);
  return (
    <div class="screen" data-testid={`screen-${props.testid}`}>
      <DemoStrip />
      <header class="head">
        {props.onBack ? <button type="button" class="head__back" aria-label={ts('back')} data-testid="back" onClick={props.onBack}><Icon name="back" /></button>
          : <span class="head__mark"><Icon name="shield" size="s" /></span>}
        <span class="head__title">{props.label ?? t('title')}</span>
        {props.progress && <Dots {...props.progress} />}
        <LangSwitch class="head__lang" />
      </header>
      {props.notice}
      <main class="body" ref={main}>{props.children}</main>
      <footer class="foot">
        {props.foot}
        {props.onSendOfficer && <HelpRow onSendOfficer={props.onSendOfficer} />}
      </footer>
    </div>
  );
}

export function Heading({ children, lead }: { children: ComponentChildren; lead?: ComponentChildren }) {
  return <div class="heading"><h1 tabIndex={-1}>{children}</h1>{lead && <p>{lead}</p>}</div>;
}

export function HelpRow({ onSendOfficer, stage }: { onSendOfficer: (reason: string) => Promise<void>; stage?: boolean }) {
  const [asking, setAsking] = useState(false);
  const [numbers, setNumbers] = useState(false);
  const [rights, setRights] = useState(false);
  const mine = useStore(own);
  return (
    <div class={`help${stage ? ' help--stage' : ''}${mine ? ' help--three' : ''}`}>
      <button type="button" class="help__item help__item--officer" data-testid="send-officer" onClick={() => setAsking(true)}><Icon name="officer" size="s" />{t('sendOfficer')}</button>
      <button type="button" class="help__item" data-testid="help-numbers" onClick={() => setNumbers(true)}><Icon name="phone" size="s" />{mine ? '120·119·110' : '120 · 119 · 110'}</button>
      {mine && <button type="button" class="help__item" data-testid="rights" onClick={() => setRights(true)}><Icon name="shield" size="s" />{t('rights')}</button>}
      {mine && rights && <RightsSheet {...mine} onClose={() => setRights(false)} />}
      {asking && <SendOfficer onClose={() => setAsking(false)} onSend={onSendOfficer} />}
      {numbers && <Numbers onClose={() => setNumbers(false)} />}
    </div>
  );
}

const loadRights = () => import('./screens/rights');
function RightsSheet({ session, of, onClose }: { session: PartySession; of: Case; onClose: () => void }) {
  const late = useLate(loadRights);
  return late ? <late.Rights session={session} of={of} onClose={onClose} /> : null;
}

function SendOfficer({ onClose, onSend }: { onClose: () => void; onSend: (reason: string) => Promise<void> }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await onSend(reason.trim());
      onClose();
    } catch (error) {
      toast(errorText(error), 'bad');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={t('sendOfficerTitle')} onClose={onClose} testid="send-officer-dialog" foot={<>
      <Button kind="alarm" size="l" block busy={busy} testid="send-officer-confirm" onClick={() => void send()}>{t('sendOfficerYes')}</Button>
      <Button size="l" block testid="send-officer-cancel" onClick={onClose}>{t('sendOfficerNo')}</Button></>}>
      <p>{t('sendOfficerBody')}</p>
      <TextArea label={t('sendOfficerReason')} value={reason} onValue={setReason} rows={2} maxLength={200} testid="send-officer-reason" />
    </Dialog>
  );
}

function Numbers({ onClose }: { onClose: () => void }) {
  return (
    <Dialog sheet title={t('helpNumbers')} onClose={onClose} testid="numbers-dialog" foot={<Button size="l" block onClick={onClose}>{ts('close')}</Button>}>
      <LinkButton href="tel:120" kind="alarm" size="l" block icon="phone" testid="tel-120">{t('call120')}</LinkButton>
      <LinkButton href="tel:119" kind="danger" size="l" block icon="phone" testid="tel-119">{t('call119')}</LinkButton>
      <LinkButton href="tel:110" kind="danger" size="l" block icon="phone" testid="tel-110">{t('call110')}</LinkButton>
    </Dialog>
  );
}
