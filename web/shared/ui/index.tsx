// The building blocks of every page. Looks are in base.css; behaviour and accessibility are here.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { lang, otherLang, setLang, useLang } from '../i18n';
import { ts } from '../messages';
import { Store, useStore } from '../store';
import type { NetworkReport } from '../call_stats';
import { watchLevel } from '../media';
import { keepPlaying, playAll, soundHeld } from '../sound';
import { PROVINCES, parsePlate, plateText } from '../plate';
import { Icon, type IconName } from './icons';

export { Icon, type IconName } from './icons';

export type Tone = 'ok' | 'warn' | 'bad' | 'brand';
const names = (...all: unknown[]) => all.filter(Boolean).join(' ');

export interface ButtonProps {
  children?: ComponentChildren; onClick?: (event: MouseEvent) => void; kind?: 'primary' | 'ok' | 'danger' | 'alarm' | 'quiet' | 'stage';
  size?: 's' | 'm' | 'l'; block?: boolean; busy?: boolean; disabled?: boolean; icon?: IconName; label?: string; testid?: string;
  type?: 'button' | 'submit'; pressed?: boolean; kbd?: string; class?: string; describedBy?: string; autofocus?: boolean;
}
export function Button(props: ButtonProps) {
  const { kind, size, block, busy, disabled, icon, label, testid, type = 'button', pressed, kbd, children } = props;
  return (
    <button type={type} data-testid={testid} disabled={disabled} aria-busy={busy || undefined} aria-disabled={busy || undefined}
      aria-label={label} aria-pressed={pressed} aria-describedby={props.describedBy} title={label} autofocus={props.autofocus}
      class={names('btn', kind && `btn--${kind}`, size && `btn--${size}`, block && 'btn--block', !children && icon && 'btn--icon', props.class)}
      onClick={(event) => { if (!busy) props.onClick?.(event); }}>
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size="s" />}
      {children}
      {kbd && <kbd aria-hidden="true">{kbd}</kbd>}
    </button>
  );
}

/** A link that looks like a button, for tel: and files. */
export function LinkButton(props: {
  href: string; children: ComponentChildren; kind?: ButtonProps['kind']; size?: ButtonProps['size']; block?: boolean; icon?: IconName;
  testid?: string; class?: string; label?: string; download?: string;
}) {
  return (
    <a href={props.href} download={props.download} data-testid={props.testid} aria-label={props.label}
      class={names('btn', props.kind && `btn--${props.kind}`, props.size && `btn--${props.size}`, props.block && 'btn--block', props.class)}>
      {props.icon && <Icon name={props.icon} size="s" />}{props.children}
    </a>
  );
}

/** A label, its control, a hint and an error that a screen reader ties together. */
export function Field(props: {
  label: ComponentChildren; hint?: ComponentChildren; error?: string | null; class?: string;
  children: (attributes: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: 'true' }) => ComponentChildren;
}) {
  const id = useId();
  const described = names(props.hint && `${id}-h`, props.error && `${id}-e`) || undefined;
  return (
    <div class={names('field', props.class)}>
      <label class="field__label" for={id}>{props.label}</label>
      {props.children({ id, ...(described ? { 'aria-describedby': described } : {}), ...(props.error ? { 'aria-invalid': 'true' as const } : {}) })}
      {props.hint && <span class="field__hint" id={`${id}-h`}>{props.hint}</span>}
      {props.error && <span class="field__error" id={`${id}-e`} role="alert">{props.error}</span>}
    </div>
  );
}

type InputProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'onInput' | 'label' | 'value' | 'size'> & {
  label: ComponentChildren; value: string; onValue: (value: string) => void; hint?: ComponentChildren; error?: string | null; testid?: string;
  fieldClass?: string;
};
export function TextField({ label, value, onValue, hint, error, testid, fieldClass, ...rest }: InputProps) {
  return (
    <Field label={label} hint={hint} error={error ?? null} class={fieldClass ?? ''}>
      {(a) => <input {...rest} {...a} class="input" value={value} data-testid={testid} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

export function TextArea(props: {
  label: ComponentChildren; value: string; onValue: (value: string) => void; hint?: ComponentChildren; error?: string | null; testid?: string;
  rows?: number; maxLength?: number; placeholder?: string; disabled?: boolean;
}) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error ?? null}>
      {(a) => <textarea {...a} class="input" rows={props.rows ?? 3} maxLength={props.maxLength} value={props.value} disabled={props.disabled}
        placeholder={props.placeholder} data-testid={props.testid} onInput={(event) => props.onValue(event.currentTarget.value)} />}
    </Field>
  );
}

export interface Choice { value: string; text: string; disabled?: boolean }
export function Select(props: {
  label: ComponentChildren; value: string; choices: Choice[]; onValue: (value: string) => void; hint?: ComponentChildren; error?: string | null;
  testid?: string; empty?: string; disabled?: boolean;
}) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error ?? null}>
      {(a) => (
        <select {...a} class="input" value={props.value} disabled={props.disabled} data-testid={props.testid} onChange={(event) => props.onValue(event.currentTarget.value)}>
          {props.empty !== undefined && <option value="">{props.empty}</option>}
          {props.choices.map((one) => <option key={one.value} value={one.value} disabled={one.disabled} selected={one.value === props.value}>{one.text}</option>)}
        </select>
      )}
    </Field>
  );
}

export function Check(props: { checked: boolean; onChange: (checked: boolean) => void; children: ComponentChildren; testid?: string; disabled?: boolean; class?: string }) {
  return (
    <label class={names('check', props.class)}>
      <input type="checkbox" class="check__box" checked={props.checked} disabled={props.disabled} data-testid={props.testid}
        onChange={(event) => props.onChange(event.currentTarget.checked)} />
      <span>{props.children}</span>
    </label>
  );
}

export function Pill({ tone, children, icon, live, testid }: { tone?: Tone; children: ComponentChildren; icon?: IconName; live?: boolean; testid?: string }) {
  return (
    <span class={names('pill', tone && `tone-${tone}`)} data-testid={testid}>
      {live && <i class="dot dot--live" aria-hidden="true" />}{icon && <Icon name={icon} />}{children}
    </span>
  );
}

export function Banner(props: { tone?: Tone; icon?: IconName; title?: ComponentChildren; children?: ComponentChildren; testid?: string; urgent?: boolean; action?: ComponentChildren }) {
  return (
    <div class={names('banner', props.tone && `banner--${props.tone}`)} role={props.urgent ? 'alert' : 'status'} data-testid={props.testid}>
      {props.icon && <Icon name={props.icon} />}
      <div class="banner__body">
        {props.title && <div class="banner__title">{props.title}</div>}
        {props.children && <div>{props.children}</div>}
      </div>
      {props.action}
    </div>
  );
}

/** A modal; Escape and the backdrop close it where onClose is given. */
export function Dialog(props: {
  title: ComponentChildren; children?: ComponentChildren; foot?: ComponentChildren; onClose?: () => void; sheet?: boolean; wide?: boolean; testid?: string;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const before = document.activeElement as HTMLElement | null;
    if (typeof element.showModal === 'function') element.showModal();
    else element.setAttribute('open', '');
    // The heading is read out, unless something inside is what one came for.
    element.querySelector<HTMLElement>('.dialog__body [autofocus], .dialog__foot [autofocus]')?.focus();
    return () => { if (element.open) element.close?.(); before?.focus?.(); };
  }, []);
  return (
    <dialog ref={box} class={names('dialog', props.sheet && 'dialog--sheet', props.wide && 'dialog--wide')} aria-labelledby={id} data-testid={props.testid}
      onCancel={(event) => { event.preventDefault(); props.onClose?.(); }}
      onClick={(event) => { if (event.target === box.current) props.onClose?.(); }}>
      <h2 class="dialog__head" id={id} tabIndex={-1} autofocus>{props.title}</h2>
      {props.children && <div class="dialog__body">{props.children}</div>}
      {props.foot && <div class="dialog__foot">{props.foot}</div>}
    </dialog>
  );
}

interface Toast { id: number; text: string; tone: 'ok' | 'bad' | null }
const toasts = new Store<Toast[]>([]);
let toastId = 0;
/** A short word that leaves by itself. */
export function toast(text: string, tone: 'ok' | 'bad' | null = null, forMs = 4000): void {
  const one = { id: ++toastId, text, tone };
  toasts.set([...toasts.value.filter((other) => other.text !== text).slice(-2), one]);
  setTimeout(() => toasts.set(toasts.value.filter((other) => other.id !== one.id)), forMs);
}
export function Toasts() {
  const all = useStore(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {all.map((one) => (
        <div key={one.id} class={names('toast', one.tone && `toast--${one.tone}`)} data-testid="toast">
          {one.tone && <Icon name={one.tone === 'ok' ? 'check' : 'warning'} size="s" />}{one.text}
        </div>
      ))}
    </div>
  );
}

const step = (event: KeyboardEvent, count: number, index: number): number | null => {
  if (event.key === 'ArrowRight' || event.key === 'ArrowDown') return (index + 1) % count;
  if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') return (index + count - 1) % count;
  if (event.key === 'Home') return 0;
  return event.key === 'End' ? count - 1 : null;
};

/** One of a few, in a row; arrow keys move. */
export function Segmented(props: { label: string; value: string | null; choices: Choice[]; onValue: (value: string) => void; disabled?: boolean; testid?: string }) {
  const at = props.choices.findIndex((one) => one.value === props.value);
  return (
    <div class="seg" role="radiogroup" aria-label={props.label} aria-disabled={props.disabled || undefined} data-testid={props.testid}>
      {props.choices.map((one, index) => (
        <button key={one.value} type="button" role="radio" class="seg__item" aria-checked={one.value === props.value} disabled={props.disabled || one.disabled}
          tabIndex={index === Math.max(0, at) ? 0 : -1} data-testid={props.testid && `${props.testid}-${one.value}`}
          onClick={() => props.onValue(one.value)}
          onKeyDown={(event) => {
            const to = step(event, props.choices.length, index);
            if (to === null) return;
            event.preventDefault();
            props.onValue(props.choices[to]!.value);
            (event.currentTarget.parentElement?.children[to] as HTMLElement | undefined)?.focus();
          }}>{one.text}</button>
      ))}
    </div>
  );
}

export function Tabs(props: { label: string; value: string; tabs: { value: string; text: ComponentChildren; testid?: string }[]; onValue: (value: string) => void; panelId?: string }) {
  return (
    <div class="tabs" role="tablist" aria-label={props.label}>
      {props.tabs.map((one, index) => (
        <button key={one.value} type="button" role="tab" class="tabs__item" aria-selected={one.value === props.value} aria-controls={props.panelId}
          tabIndex={one.value === props.value ? 0 : -1} data-testid={one.testid ?? `tab-${one.value}`} onClick={() => props.onValue(one.value)}
          onKeyDown={(event) => {
            const to = step(event, props.tabs.length, index);
            if (to === null) return;
            event.preventDefault();
            props.onValue(props.tabs[to]!.value);
            (event.currentTarget.parentElement?.children[to] as HTMLElement | undefined)?.focus();
          }}>{one.text}</button>
      ))}
    </div>
  );
}

export function Spinner({ label }: { label?: string }) {
  return <span class="spinner" role="status" aria-label={label ?? ts('loading')} />;
}

export function Empty({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return <div class="empty"><Icon name={icon} size="l" /><div>{children}</div></div>;
}

/** Three bars and a word for the network. */
export function networkText(level: NetworkReport['level']): string {
  if (level === null) return ts('netUnknown');
  return ts(level === 0 ? 'netNone' : level === 1 ? 'netBad' : level === 2 ? 'netFair' : 'netGood');
}
export function Bars({ level, testid }: { level: NetworkReport['level']; testid?: string }) {
  return (
    <span class="bars" role="img" aria-label={ts('netLabel', { level: networkText(level) })} data-testid={testid} data-level={level ?? ''}>
      {[1, 2, 3].map((bar) => <i key={bar} class={(level ?? 0) >= bar ? 'on' : ''} />)}
    </span>
  );
}

/** Loudness of a stream. Moves by transform only, so that nothing else is laid out again. */
export function LevelMeter({ stream, track, label, onHeard, testid }: {
  stream: MediaStream; track: MediaStreamTrack | null; label: string; onHeard?: () => void; testid?: string;
}) {
  const fill = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => watchLevel(stream, (level) => {
    if (fill.current) fill.current.style.transform = `scaleX(${level.toFixed(3)})`;
    box.current?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    if (level > 0.25) onHeard?.();
  }), [stream, track]);
  return (
    <div ref={box} class="level" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={0} data-testid={testid}>
      <div ref={fill} class="level__fill" />
    </div>
  );
}

export function Progress({ share, label }: { share: number; label: string }) {
  const fill = useRef<HTMLDivElement>(null);
  useEffect(() => { if (fill.current) fill.current.style.transform = `scaleX(${share})`; }, [share]);
  return (
    <div class="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
      <div ref={fill} class="progress__fill" />
    </div>
  );
}

function useLive<T extends HTMLMediaElement>(stream: MediaStream) {
  const media = useRef<T>(null);
  useEffect(() => {
    const element = media.current;
    if (!element) return undefined;
    if (element.srcObject !== stream) element.srcObject = stream;
    return keepPlaying(element);
  }, [stream]);
  return media;
}

/** A video that plays a live stream. */
export function LiveVideo(props: { stream: MediaStream; muted?: boolean; mirror?: boolean; label: string; testid?: string; class?: string }) {
  const video = useLive<HTMLVideoElement>(props.stream);
  return <video ref={video} autoplay playsInline muted={props.muted ?? false} aria-label={props.label} data-testid={props.testid}
    class={names(props.class, props.mirror && 'mirror')} />;
}

/** The sound of a live stream that has no picture on this screen. */
export function LiveSound({ stream }: { stream: MediaStream }) {
  return <audio ref={useLive<HTMLAudioElement>(stream)} autoplay />;
}

/** Asks for the touch without which the browser gives no sound; a touch anywhere else does as well. */
export function SoundButton({ class: extra }: { class: string }) {
  return useStore(soundHeld) ? <Button kind="primary" size="m" icon="sound" testid="tap-sound" class={extra} onClick={playAll}>{ts('tapSound')}</Button> : null;
}

/** Province button with a sheet of characters, and a box that also takes a whole pasted plate. */
export function PlateField(props: { label: ComponentChildren; value: string; onValue: (value: string) => void; error?: string | null; hint?: ComponentChildren; testid?: string; disabled?: boolean }) {
  const open = useRef(new Store(false)).current;
  const shown = useStore(open);
  const memory = useRef('陕');
  const parsed = parsePlate(props.value, memory.current);
  memory.current = parsed.province;
  const type = (text: string) => {
    const next = parsePlate(text, memory.current);
    memory.current = next.province;
    props.onValue(plateText(next));
  };
  return (
    <Field label={props.label} hint={props.hint} error={props.error ?? null}>
      {(a) => (
        <div class="plate">
          <button type="button" class="btn plate__province" disabled={props.disabled} aria-label={`${ts('plateProvince')}: ${parsed.province}`}
            aria-haspopup="dialog" data-testid={props.testid && `${props.testid}-province`} onClick={() => open.set(true)}>{parsed.province}</button>
          <input {...a} class="input plate__rest num" value={parsed.rest} disabled={props.disabled} data-testid={props.testid} autocomplete="off" autocapitalize="characters"
            spellcheck={false} maxLength={12} enterKeyHint="done" placeholder="H12345" onInput={(event) => {
              type(event.currentTarget.value);
              event.currentTarget.value = parsePlate(event.currentTarget.value, memory.current).rest;
            }} />
          {shown && (
            <Dialog sheet title={ts('plateProvince')} onClose={() => open.set(false)}>
              <div class="plate__grid">
                {PROVINCES.map((one) => (
                  <button key={one} type="button" class="btn btn--m" aria-pressed={one === parsed.province} onClick={() => {
                    memory.current = one;
                    props.onValue(plateText({ province: one, rest: parsed.rest }));
                    open.set(false);
                  }}>{one}</button>
                ))}
              </div>
            </Dialog>
          )}
        </div>
      )}
    </Field>
  );
}

export function LangSwitch({ class: extra }: { class?: string }) {
  useLang();
  const other = otherLang();
  return (
    <button type="button" class={names('btn btn--quiet', extra)} lang={other} data-testid="lang" onClick={() => setLang(otherLang())}>
      {lang.value === 'en' ? '中文' : 'English'}
    </button>
  );
}
