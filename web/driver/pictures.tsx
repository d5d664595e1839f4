// Pictures of our own for the safety steps and the six questions: a few shapes, colours from the tokens by class.
import type { ComponentChildren } from 'preact';
import type { PictureName } from './triage';

function Picture({ children, label }: { children: ComponentChildren; label?: string }) {
  return <svg class="pic" viewBox="0 0 320 168" role={label ? 'img' : undefined} aria-label={label} aria-hidden={label ? undefined : 'true'} focusable="false">{children}</svg>;
}

/** A car seen from the side, its front to the right; 96 wide. */
function Car({ x, y, tone, flip }: { x: number; y: number; tone: 'a' | 'b'; flip?: boolean }) {
  return (
    <g transform={`translate(${x} ${y})${flip ? ' translate(96 0) scale(-1 1)' : ''}`}>
      <path class={`p-car-${tone}`} d="M4 40V27c0-3 2-5 5-5l12-2L33 6c1.500-2 3.500-3 6-3h24c3 0 5 1 7 3l12 14 10 3c3 1 4 3 4 6v11z" />
      <path class="p-glass" d="M29 20 38 9.500c.8-1 1.800-1.500 3-1.500h8v12zM54 8h8c1.500 0 2.500.5 3.500 1.500L75 20H54z" />
      <circle class="p-tyre" cx="24" cy="41" r="10" /><circle class="p-hub" cx="24" cy="41" r="4" />
      <circle class="p-tyre" cx="74" cy="41" r="10" /><circle class="p-hub" cx="74" cy="41" r="4" />
    </g>
  );
}
function Person({ x, y, tone = 'ink' }: { x: number; y: number; tone?: 'ink' | 'soft' | 'brand' }) {
  return <g class={`p-fig-${tone}`} transform={`translate(${x} ${y})`}><circle cx="14" cy="9" r="9" /><path d="M0 62V36c0-9 6-15 14-15s14 6 14 15v26z" /></g>;
}
const Road = () => <><path class="p-road" d="M0 128h320v40H0z" /><path class="p-mark" d="M12 148h36M84 148h36M156 148h36M228 148h36M300 148h20" /></>;
const Sky = () => <path class="p-sky" d="M0 0h320v168H0z" />;

function Scene({ name }: { name: PictureName }) {
  switch (name) {
    case 'injury': return (
      <><Sky /><Road /><Car x={18} y={80} tone="b" /><Person x={148} y={66} tone="soft" /><path class="p-band" d="M152 70h20" />
        <g transform="translate(214 44)"><rect class="p-card" width="72" height="72" rx="18" /><path class="p-bad" d="M29 16h14v13h13v14H43v13H29V43H16V29h13z" /></g></>);
    case 'move': return (
      <><Sky /><Road /><Car x={112} y={80} tone="a" /><path class="p-smoke" d="M204 92c8-12 22-6 20-18 10-2 8-16 20-18" />
        <path class="p-drip" d="M176 138c20 6 40 6 58 0" /><g transform="translate(30 78)"><path class="p-warnsign" d="M28 4 2 50h52z" /><path class="p-line" d="M28 20v14M28 41v.01" /></g></>);
    case 'driver': return (
      <><Sky /><g transform="translate(48 34)"><path class="p-glassline" d="M10 4h34l-4 44c-.5 5-4 8-9 8h-8c-5 0-8.500-3-9-8z" /><path class="p-beer" d="M13 24h28l-2 24c-.4 4-3 6-7 6h-9c-4 0-6.600-2-7-6z" /><path class="p-line" d="M27 56v28M12 86h30" /></g>
        <g transform="translate(140 48)"><rect class="p-card" width="132" height="82" rx="12" /><rect class="p-soft" x="14" y="16" width="36" height="48" rx="6" /><circle class="p-fill" cx="32" cy="33" r="8" /><path class="p-fill" d="M18 60c2-12 8-16 14-16s12 4 14 16z" /><path class="p-line" d="M64 24h52M64 40h40M64 56h48" /></g></>);
    case 'left': return (
      <><Sky /><Road /><Person x={44} y={66} tone="brand" /><Car x={196} y={80} tone="b" /><path class="p-speed" d="M150 96h32M138 110h44M156 124h26" /><path class="p-arrow" d="M226 52h48M260 38l16 14-16 14" /></>);
    case 'papers': return (
      <><Sky /><g transform="translate(38 58)"><rect class="p-plate" width="132" height="52" rx="8" /><path class="p-plateline" d="M18 26h20M52 26h8M70 26h12M90 26h12M110 26h8" /><circle class="p-hubw" cx="12" cy="8" r="2.500" /><circle class="p-hubw" cx="120" cy="8" r="2.500" /></g>
        <g transform="translate(196 36)"><path class="p-card" d="M0 8c0-4 3-8 8-8h50l24 24v64c0 5-3 8-8 8H8c-5 0-8-3-8-8z" /><path class="p-line" d="M16 32h30M16 46h48" /><path class="p-shield" d="M41 56l16 5v10c0 9-7 14-16 17-9-3-16-8-16-17V61z" /></g></>);
    default: return (
      <><Sky /><Road /><path class="p-rail" d="M4 104h118M4 118h118M22 96v34M62 96v34M102 96v34" /><Car x={112} y={80} tone="a" flip />
        <g transform="translate(238 34)"><path class="p-diamond" d="M36 2l34 34-34 34L2 36z" /><path class="p-flame" d="M36 16c10 10 14 16 14 24a14 14 0 0 1-28 0c0-5 3-8 6-11 1 4 3 5 4 5 2-6 0-12 4-18z" /></g></>);
  }
}
export function QuestionPicture({ name }: { name: PictureName }) {
  return <Picture><Scene name={name} /></Picture>;
}

/** Two cars, an officer on a phone: the picture of the whole service. */
export function RemotePicture() {
  return (
    <Picture><Sky /><Road /><Car x={14} y={80} tone="b" /><Car x={106} y={80} tone="a" flip />
      <g transform="translate(226 22)"><rect class="p-phone" width="72" height="128" rx="14" /><rect class="p-screen" x="6" y="10" width="60" height="106" rx="8" />
        <g class="p-fig-brand"><circle cx="36" cy="52" r="13" /><path d="M12 110c2-24 12-32 24-32s22 8 24 32z" /></g><path class="p-cap" d="M21 46c0-10 7-15 15-15s15 5 15 15z" /></g></Picture>
  );
}
export function PatrolPicture() {
  return (
    <Picture><Sky /><Road /><Car x={200} y={80} tone="a" /><path class="p-beacon" d="M240 76v-6h14v6z" /><path class="p-ray" d="M228 64l-8-6M247 58V46M266 64l8-6" />
      <Person x={32} y={66} tone="brand" /><path class="p-path" d="M84 112h98" /><path class="p-arrow" d="M100 98 84 112l16 14" /></Picture>
  );
}
export function EvacuatePicture() {
  return (
    <svg class="pic-evac" viewBox="0 0 200 120" aria-hidden="true" focusable="false">
      <path d="M20 100h160M40 100 74 24h52l34 76M100 34v10M100 56v12M100 80v12" /><path d="M134 62h42M162 48l16 14-16 14" /></svg>
  );
}
