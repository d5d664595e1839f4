// The pieces that accidents are drawn of, seen from above on a square of 120: roads, cars, ways, signs. Traffic keeps to
// the right; 0 degrees is up. Colours come by class from the tokens, so light and dark follow the page.
import type { ComponentChildren } from 'preact';

/** a: who did it; b: the other; c: whoever else is there. */
export type Who = 'a' | 'b' | 'c';
interface Place { x: number; y: number; r?: number }
const at = ({ x, y, r = 0 }: Place) => `translate(${x} ${y})${r ? ` rotate(${r})` : ''}`;

export const Car = ({ who = 'b', ...place }: Place & { who?: Who }) => (
  <g class={`d-${who}`} transform={at(place)}><rect x="-8" y="-14" width="16" height="28" rx="4.500" /><path class="d-glass" d="M-5.500-4h11l1-4.500h-13zM-5 9.500H5l.8-3H-5.800z" /></g>
);
/** A lorry or a bus: 40 long. */
export const Long = ({ who = 'b', ...place }: Place & { who?: Who }) => (
  <g class={`d-${who}`} transform={at(place)}><rect x="-9" y="-20" width="18" height="40" rx="3" /><path class="d-glass" d="M-6.500-13h13v-4h-13zM-6 17H6" /></g>
);
/** Seen from the side, its front to the right; its wheels stand on y = 0. */
export const SideCar = ({ who = 'b', flip, ...place }: Place & { who?: Who; flip?: boolean }) => (
  <g class={`d-${who}`} transform={at(place) + (flip ? ' scale(-1 1)' : '')}>
    <path d="M-20-4v-9c0-1.500 1-2.500 2.500-2.500h3l6-7c1-1 2-1.500 3-1.500h9c1.500 0 2.500.5 3.500 1.500l6.500 7.500 4.500 1.500c1 .3 2 1.200 2 2.500v7z" /><path class="d-glass" d="M-8-15.500l4-5h5v5z M4-20.500h2.500l4.500 5H4z" />
    <circle class="d-tyre" cx="-11" cy="-4" r="4.500" /><circle class="d-tyre" cx="11" cy="-4" r="4.500" />
  </g>
);
export const Walker = ({ who = 'b', ...place }: Place & { who?: Who }) => (
  <g class={`d-${who}`} transform={at(place)}><rect x="-9" y="-4" width="18" height="8" rx="4" /><circle r="5" /></g>
);

/** A way with its head at its end. */
export const Way = ({ who = 'b', d, x, y, r = 0 }: Place & { who?: Who; d: string }) => (
  <g class={`d-way d-way--${who}`}><path d={d} /><path class="d-head" transform={at({ x, y, r })} d="M0-6 6.500 4h-13z" /></g>
);
export const Hit = ({ x, y }: Place) => <path class="d-hit" transform={at({ x, y })} d="M0-10 2.600-4 8.500-6.500 5.500-1 11 2 5 3.500 6.500 9.500 1.500 6-2 11-3 5-9 7-5.500 2.500-11-.5-5-2.500-7.500-8-2.500-5z" />;

// Roads
const Tar = ({ d }: { d: string }) => <path class="d-tar" d={d} />;
const Line = ({ d, kind = 'lane' }: { d: string; kind?: 'lane' | 'edge' | 'centre' | 'stop' }) => <path class={`d-${kind}`} d={d} />;
/** Two lanes of one direction, their middles at 45 and 75. */
export const OneWay = () => <><Tar d="M28 0h64v120H28z" /><Line kind="edge" d="M31 0v120M89 0v120" /><Line d="M60 0v120" /></>;
/** A lane up at 75 and one down at 45. */
export const TwoWay = ({ solid }: { solid?: boolean }) => <><Tar d="M28 0h64v120H28z" /><Line kind="edge" d="M31 0v120M89 0v120" /><path class={`d-centre ${solid ? 'd-centre--solid' : ''}`} d="M60 0v120" /></>;
/** Lanes at 49 (down), 71 (up), 49 (left) and 71 (right). */
export const Cross = () => (
  <><Tar d="M37 0h46v37h37v46H83v37H37V83H0V37h37z" /><Line kind="centre" d="M60 0v33M60 87v33M0 60h33M87 60h33" />
    <Line kind="stop" d="M62 87h20M38 33h20M33 62v20M87 38v20" /></>
);
/** The junction above, and two lanes that come up to it. */
export const Approach = () => <><Tar d="M0 8h120v38H92v74H28V46H0z" /><Line kind="centre" d="M0 27h120" /><Line kind="edge" d="M31 50v70M89 50v70" /><Line d="M60 50v70" /></>;
export const SideRoad = () => <><Tar d="M0 28h30v36H0z" /><Line kind="centre" d="M0 46h26" /></>;
export const Roundabout = () => (
  <><Tar d="M44 84h32v36H44zM0 38h24v28H0zM96 38h24v28H96zM46 0h28v14H46z" /><circle class="d-tar" cx="60" cy="52" r="44" /><circle class="d-verge" cx="60" cy="52" r="18" />
    <Line kind="centre" d="M60 98v22" /><Line d="M62 97h13" /></>
);
export const Narrowing = () => <><Tar d="M28 120V80l16-36V0h32v44l16 36v40z" /><Line kind="edge" d="M31 120V81l16-36V0M89 120V81L73 45V0" /><Line d="M60 120V76" /></>;
export const Ramp = () => <><Tar d="M18 0h56v40l46 62v18H92L74 92v28H18z" /><Line kind="edge" d="M21 0v120M71 0v38" /><Line d="M46 0v120M71 42v46" /></>;
export const Slope = () => <><path class="d-ground" d="M0 112 120 58v62H0z" /><Line kind="edge" d="M0 112 120 58" /></>;
export const Zebra = ({ y }: { y: number }) => <path class="d-zebra" d={`M36 ${y}h6v16h-6zM48 ${y}h6v16h-6zM60 ${y}h6v16h-6zM72 ${y}h6v16h-6z`} />;
export const Paint = ({ d, ...place }: Place & { d: 'up' | 'left' }) => <path class="d-paint" transform={at(place)} d={d === 'up' ? 'M0 12V-6M-4-4l4-6 4 6' : 'M3 12V0H-4M-3-4l-6 4 6 4'} />;

// Signs, 24 wide
const Sign = ({ children, ...place }: Place & { children: ComponentChildren }) => <g class="d-sign" transform={at(place)}>{children}</g>;
export const Light = ({ on, ...place }: Place & { on: 'red' | 'green' }) => (
  <Sign {...place}><rect class="d-box" x="-8" y="-18" width="16" height="36" rx="5" /><circle class={on === 'red' ? 'd-red' : 'd-off'} cy="-10" r="4.500" /><circle class="d-off" r="4.500" /><circle class={on === 'green' ? 'd-green' : 'd-off'} cy="10" r="4.500" /></Sign>
);
export const Yield = (place: Place) => <Sign {...place}><path class="d-plate d-plate--red" d="M-12-10h24L0 11z" /></Sign>;
export const Warning = (place: Place) => <Sign {...place}><path class="d-plate d-plate--warn" d="M0-11 12 10h-24z" /><path class="d-ink" d="M0-3v6M0 6.500v.1" /></Sign>;
export const NoUTurn = (place: Place) => <Sign {...place}><circle class="d-plate d-plate--red" r="11" /><path class="d-ink" d="M4 6v-7a3.500 3.500 0 0 0-7 0v4M-6 1l3 3.500L0 1" /><path class="d-bar" d="M-7.500-7.500l15 15" /></Sign>;
export const NoEntry = (place: Place) => <Sign {...place}><circle class="d-full" r="12" /><path class="d-white" d="M-7 0H7" /></Sign>;
export const NoParking = (place: Place) => <Sign {...place}><circle class="d-plate d-plate--blue" r="11" /><path class="d-bar" d="M-7.500-7.500l15 15M7.500-7.500l-15 15" /></Sign>;
export const Badge = ({ text, ...place }: Place & { text: string }) => <Sign {...place}><rect class="d-card" x="-12" y="-12" width="24" height="24" rx="6" /><text class="d-text" y="5.500">{text}</text></Sign>;
