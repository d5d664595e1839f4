// The desk: queue, live picture, case.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '@shared/base.css';
import './desk.css';
import { applyLang, otherLang, pick, setLang, useLang } from '@shared/i18n';
import { ts } from '@shared/messages';
import { SeatMenu, StaffGate, seat } from '@shared/staff';
import { useNow, useStore } from '@shared/store';
import { timeWithSeconds } from '@shared/time';
import { Banner, Button, Check, Empty, Toasts } from '@shared/ui';
import { CaseFile } from './file';
import { KeyMap } from './key_map';
import { useKey, useKeyboard } from './keys';
import { t } from './messages';
import { Queue, mayPick } from './queue';
import { Room } from './room';
import { SeatBoard } from './seats';
import { SeatStatusChoice } from './seat_status';
import { Stage } from './stage';

function Desk() {
  useLang();
  const [room] = useState(() => new Room());
  const [help, setHelp] = useState(false);
  useEffect(() => { void room.start(); return () => room.stop(); }, [room]);
  const { current, config, board, sound } = useStore(room);
  const overseer = seat.value?.user.role === 'supervisor';
  useKeyboard();
  useKey('help', () => setHelp(true));
  useKey('sound', () => room.patch({ sound: !sound }));
  useKey('language', () => setLang(otherLang()));
  useKey('board', overseer && current ? () => room.patch({ board: !board }) : null);
  const watches = overseer && (board || !current);
  const link = useStore(room.events.state);
  return (
    <div class={`desk ${config?.demo ? 'desk--demo' : ''}`}>
      <Top room={room} onHelp={() => setHelp(true)} />
      {link === 'lost' && <div class="desk__lost"><Banner tone="bad" icon="signal" urgent testid="connection-lost">{ts('lost')}</Banner></div>}
      <Queue room={room} />
      {watches && <SeatBoard room={room} />}
      {current && <div class="desk__case" hidden={watches}><Stage key={current.id} room={room} file={current} /><CaseFile key={`file-${current.id}`} room={room} file={current} /></div>}
      {!current && !watches && <main class="desk__empty"><Empty icon="phone">{t(mayPick(config) ? 'pickHint' : 'byLot')}<p>{t('away2')}</p></Empty></main>}
      {help && <KeyMap onClose={() => setHelp(false)} />}
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
      {overseer && current && <Button size="s" icon="person" pressed={board} kbd="B" testid="board" onClick={() => room.patch({ board: !board })}>{t('seats')}</Button>}
      <SeatStatusChoice room={room} />
      <Check checked={sound} onChange={(on) => room.patch({ sound: on })}>{t('sound')}</Check>
      <span class="num">{timeWithSeconds(new Date(now).toISOString())}</span>
      <SeatMenu />
      <Button size="s" testid="shortcuts" onClick={onHelp}>? {t('shortcuts')}</Button>
    </header>
  );
}

applyLang();
render(
  <StaffGate title={{ zh: '远程快处席位', en: 'Remote handling desk' }} roles={['intake_operator', 'officer', 'supervisor']} demoUser="officer"><Desk /></StaffGate>,
  document.getElementById('app')!,
);
