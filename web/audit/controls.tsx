// What moves the time, and where it is.
import { useStore } from '@shared/store';
import { position } from '@shared/time';
import { Button } from '@shared/ui';
import { t } from './messages';
import { SPEEDS, type Player } from './player';
import { tr } from './replay_messages';

/** "2026-11-23 09:38:27.114 +08:00": the clock of the place, to the millisecond. */
export function wallClock(ms: number): string {
  return `${new Date(ms + 8 * 3600000).toISOString().replace('T', ' ').replace('Z', '')} +08:00`;
}

export function Controls({ player, originMs, onStep, onCopy, onFull, onHelp }: {
  player: Player; originMs: number; onStep: (by: 1 | -1) => void; onCopy?: (() => void) | undefined; onFull: () => void; onHelp: () => void;
}) {
  const { atMs, playing, speed, waiting, muted } = useStore(player);
  return (
    <div class="controls">
      <Button kind="stage" size="m" label={`−1 ${tr('frameBack')}`} kbd="," testid="frame-back" onClick={() => onStep(-1)}>−1</Button>
      <Button kind="stage" size="m" icon={playing ? 'pause' : 'play'} kbd="␣" testid="replay-play" pressed={playing} busy={false} onClick={() => player.toggle()}>{t(playing ? 'pause' : 'play')}</Button>
      <Button kind="stage" size="m" label={`+1 ${tr('frameOn')}`} kbd="." testid="frame-on" onClick={() => onStep(1)}>+1</Button>
      <label class="controls__speed"><span class="visually-hidden">{tr('speed')}</span>
        <select class="btn btn--stage btn--m" data-testid="replay-speed" value={String(speed)} onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}>
          {SPEEDS.map((one) => <option key={one} value={String(one)} selected={one === speed}>{`${one}×`}</option>)}
        </select>
      </label>
      <Button kind="stage" size="m" icon={muted ? 'mic_off' : 'sound'} label={tr('mute')} pressed={muted} testid="replay-mute" onClick={() => player.mute()} />
      <span class="num controls__at" data-testid="replay-time">{position(atMs, true)} / {position(player.lengthMs)}</span>
      <span class="controls__waiting" role="status">{waiting ? tr('waiting') : ''}</span>
      <span class="num controls__wall" data-testid="replay-wall">{wallClock(originMs + atMs)}</span>
      {onCopy && <Button kind="stage" size="m" icon="link" label={tr('copy')} testid="copy-link" onClick={onCopy} />}
      <Button kind="stage" size="m" icon="expand" label={tr('full')} testid="replay-full" onClick={onFull} />
      <Button kind="stage" size="m" icon="keyboard" label={tr('help')} kbd="?" testid="replay-help" onClick={onHelp} />
    </div>
  );
}
