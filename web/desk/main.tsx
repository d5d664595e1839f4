// The desk: queue, live picture, case.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '@shared/base.css';
import './desk.css';
import { applyLang, pick, useLang } from '@shared/i18n';
import { ts } from '@shared/messages';
import { personId } from '@shared/people';
import { SeatMenu, StaffGate, api, seat } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { timeWithSeconds } from '@shared/time';
import { Banner, Button, Check, Dialog, Empty, Toasts } from '@shared/ui';
import { CaseFile } from './file';
import { t } from './messages';
import { askedOf } from './offers';
import { Queue, mayPick } from './queue';
import { Room } from './room';
import { SeatBoard } from './seats';
import { SeatStatusChoice } from './seat_status';
import { Stage, freeze } from './stage';

function Desk() {
  useLang();
  const [room] = useState(() => new Room());
  const [help, setHelp] = useState(false);
  useEffect(() => { void room.start(); return () => room.stop(); }, [room]);
  useKeys(room, () => setHelp(true));
  const { current, config, board } = useStore(room);
  const watches = seat.value?.user.role === 'supervisor' && (board || !current);
  const link = useStore(room.events.state);
  return (
    <div class={`desk ${config?.demo ? 'desk--demo' : ''}`}>
      <Top room={room} onHelp={() => setHelp(true)} />
      {link === 'lost' && <div class="desk__lost"><Banner tone="bad" icon="signal" urgent testid="connection-lost">{ts('lost')}</Banner></div>}
      <Queue room={room} />
      {watches && <SeatBoard room={room} />}
      {current && <div class="desk__case" hidden={watches}><Stage key={current.id} room={room} file={current} /><CaseFile key={`file-${current.id}`} room={room} file={current} /></div>}
      {!current && !watches && <main class="desk__empty"><Empty icon="phone">{t(mayPick(config) ? 'pickHint' : 'byLot')}<p>{t('away2')}</p></Empty></main>}
      {help && <Shortcuts byLot={!mayPick(config)} onClose={() => setHelp(false)} />}
      <Toasts />
    </div>
  );
}

function Top({ room, onHelp }: { room: Room; onHelp: () => void }) {
  const { config, sound, board, current } = useStore(room);
  const overseer = seat.value?.user.role === 'supervisor';
  const now = useNow();
  return (
    <header class="top">
      <h1>{pick(config?.centre_name) || t('title')}</h1>
      {config?.demo && <span class="top__demo">{ts('demoStrip')}</span>}
      <span class="top__gap" />
      {overseer && current && <Button size="s" icon="person" pressed={board} testid="board" onClick={() => room.patch({ board: !board })}>{t('seats')}</Button>}
      <SeatStatusChoice room={room} />
      <Check checked={sound} onChange={(on) => room.patch({ sound: on })}>{t('sound')}</Check>
      <span class="num">{timeWithSeconds(new Date(now).toISOString())}</span>
      <SeatMenu />
      <Button size="s" testid="shortcuts" onClick={onHelp}>? {t('shortcuts')}</Button>
    </header>
  );
}

function useKeys(room: Room, onHelp: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || document.querySelector('dialog[open]');
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const { current, queue, offers, config } = room.value;
      const asked = askedOf(offers, Date.now())[0];
      if (event.key === ' ' && target.tagName === 'BUTTON') return;
      const keys: Record<string, (() => void) | undefined> = {
        '?': onHelp, a: asked ? () => void room.accept(asked) : queue[0] && mayPick(config) ? () => void room.claim(queue[0]!.case.id) : undefined, ' ': current ? () => void freeze(room) : undefined,
        e: current && !current.evacuated_at ? () => void room.attempt(() => api.evacuate(current.id)) : undefined,
        m: () => room.local.setMuted(!room.local.value.muted),
      };
      const others = room.value.call?.value.others ?? [];
      const picture = others[Number(event.key) - 1];
      if (picture && others.length > 1) keys[event.key] = () => room.choose(personId(picture.who));
      const action = keys[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [room]);
}

function Shortcuts({ byLot, onClose }: { byLot: boolean; onClose: () => void }) {
  const rows = [['A', t(byLot ? 'kAccept' : 'kClaim')], ['␣', t('kFreeze')], ['E', t('kEvacuate')], ['M', t('kMute')], ['1–3', t('kPicture')], ['Alt 1–5', t('kTabs')], ['Alt U', t('kSplit')], ['Alt D', t('kDraft')], ['Ctrl ⏎', t('kIssue')], ['?', t('kHelp')]];
  return (
    <Dialog title={t('shortcuts')} onClose={onClose} foot={<Button onClick={onClose}>{ts('close')}</Button>}>
      <dl class="keys">{rows.map(([key, what]) => <><dt><kbd>{key}</kbd></dt><dd>{what}</dd></>)}</dl>
    </Dialog>
  );
}

applyLang();
render(
  <StaffGate title={{ zh: '远程快处席位', en: 'Remote handling desk' }} roles={['intake_operator', 'officer', 'supervisor']} demoUser="officer"><Desk /></StaffGate>,
  document.getElementById('app')!,
);
