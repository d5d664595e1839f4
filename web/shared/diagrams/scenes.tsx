// One drawing for each scenario of the catalogue, by its code.
import type { ComponentChild } from 'preact';
import {
  Approach, Badge, Car, Cross, Hit, Light, Long, Narrowing, NoEntry, NoParking, NoUTurn, OneWay, Paint, Ramp, Roundabout, SideCar, SideRoad, Slope,
  TwoWay, Walker, Warning, Way, Yield, Zebra,
} from './pieces';

const TurnAcross = () => (
  <><Cross /><Way who="b" d="M49 2v18" x={49} y={24} r={180} /><Car x={49} y={45} r={180} /><Way who="a" d="M71 118V96" x={71} y={92} /><Car who="a" x={65} y={66} r={-38} /><Hit x={56} y={56} /></>
);
const FromTheRight = () => (
  <><Cross /><Way who="b" d="M118 49h-4" x={112} y={49} r={-90} /><Car x={93} y={49} r={-90} /><Way who="a" d="M71 118V86" x={71} y={82} /><Car who="a" x={71} y={57} /><Hit x={79} y={48} /></>
);
const FromTheLeft = () => (
  <><Cross /><Way who="b" d="M2 71h20" x={26} y={71} r={90} /><Car x={47} y={71} r={90} /><Way who="a" d="M71 118v-18" x={71} y={97} /><Car who="a" x={71} y={75} /><Hit x={62} y={70} /></>
);
const TurningBack = () => (
  <><TwoWay /><Car x={45} y={24} r={180} /><Way who="a" d="M75 118V76c0-8-2-13-6-17" x={68} y={58} r={-35} /><Way who="a" d="M43 58c-3 8-3 20-3 34" x={40} y={96} r={180} /><Car who="a" x={57} y={50} r={-80} /><Hit x={46} y={41} /></>
);

const scenes: Record<string, () => ComponentChild> = {
  REAR_END: () => <><OneWay /><Car x={75} y={34} /><Way who="a" d="M75 118v-18" x={75} y={96} /><Car who="a" x={75} y={67} /><Hit x={75} y={50} /></>,
  LANE_CHANGE: () => <><OneWay /><Way d="M45 26V14" x={45} y={11} /><Car x={45} y={50} /><Way who="a" d="M75 118c0-12 0-16-3-24" x={71} y={92} r={-20} /><Car who="a" x={65} y={70} r={-26} /><Hit x={55} y={58} /></>,
  TURN_VS_STRAIGHT_SIGNAL: () => <><TurnAcross /><Light on="green" x={103} y={101} /></>,
  TURN_VS_STRAIGHT_NOSIGNAL: () => <TurnAcross />,
  RIGHT_ON_RED_NOT_YIELD: () => <><Cross /><Way d="M2 71h14" x={20} y={71} r={90} /><Car x={46} y={71} r={90} /><Way who="a" d="M71 118v-6" x={71} y={109} /><Car who="a" x={72} y={86} r={24} /><Hit x={64} y={75} /><Light on="red" x={103} y={101} /></>,
  RED_LIGHT: () => <><FromTheRight /><Light on="red" x={103} y={101} /></>,
  PRIORITY_SIGN_NOT_YIELD: () => <><FromTheLeft /><Yield x={102} y={102} /></>,
  RIGHT_HAND_RULE: () => <FromTheRight />,
  RIGHT_VS_LEFT_TURN: () => <><Cross /><Way d="M49 2v22c0 10 1 16 4 22" x={54} y={48} r={152} /><Car x={64} y={62} r={118} /><Way who="a" d="M71 118v-8" x={71} y={107} /><Car who="a" x={77} y={86} r={30} /><Hit x={75} y={72} /></>,
  OVERTAKE_LEFT_TURNING: () => <><TwoWay /><SideRoad /><Way d="M50 46H16" x={12} y={46} r={-90} /><Car x={66} y={52} r={-62} /><Way who="a" d="M75 118c0-10-24-8-28-18" x={46} y={98} r={-15} /><Car who="a" x={45} y={76} r={4} /><Hit x={53} y={61} /></>,
  ROUNDABOUT_ENTRY: () => <><Roundabout /><Way d="M29 40a33 33 0 0 0 0 23" x={31} y={67} r={158} /><Car x={46} y={80} r={118} /><Way who="a" d="M68 120v-6" x={68} y={114} /><Car who="a" x={69} y={97} r={4} /><Hit x={60} y={86} /></>,
  UTURN_NOT_YIELD: () => <TurningBack />,
  UTURN_PROHIBITED: () => <><TurningBack /><NoUTurn x={105} y={18} /></>,
  OVERTAKE_UTURNING: () => <><TwoWay /><Way d="M57 42c-10-6-20 0-20 14" x={37} y={58} r={180} /><Car x={68} y={50} r={-55} /><Way who="a" d="M75 118c0-8-22-8-26-14" x={48} y={102} r={-20} /><Car who="a" x={47} y={80} r={4} /><Hit x={55} y={62} /></>,
  WRONG_WAY: () => <><TwoWay solid /><Car x={45} y={32} r={180} /><Way who="a" d="M45 118v-18" x={45} y={96} /><Car who="a" x={45} y={67} /><Hit x={45} y={49} /><Paint d="up" x={75} y={60} /><NoEntry x={14} y={104} /></>,
  OVERTAKE_ONCOMING: () => <><TwoWay /><Car x={45} y={20} r={180} /><Car who="c" x={75} y={66} /><Way who="a" d="M75 118c0-14-26-12-29-28" x={45} y={86} r={-6} /><Car who="a" x={46} y={55} /><Hit x={45} y={37} /></>,
  OVERTAKE_OVERTAKING: () => <><path class="d-tar" d="M20 0h80v120H20z" /><path class="d-edge" d="M23 0v120M97 0v120" /><path class="d-lane" d="M48 0v120M73 0v120" /><Car who="c" x={85} y={30} /><Car x={62} y={38} /><Way d="M86 112c0-22-24-20-24-44" x={62} y={64} /><Way who="a" d="M60 119c-14-2-22-8-23-20" x={37} y={96} r={-4} /><Car who="a" x={42} y={66} r={16} /><Hit x={52} y={54} /></>,
  OVERTAKE_RIGHT: () => <><OneWay /><Car x={45} y={46} /><Way who="a" d="M45 118c0-20 29-14 30-40" x={75} y={74} r={2} /><Car who="a" x={65} y={44} r={-24} /><Hit x={54} y={36} /></>,
  OVERTAKE_NO_CONDITION: () => <><TwoWay solid /><Zebra y={8} /><Car x={74} y={56} /><Way who="a" d="M75 118c0-14-24-12-26-28" x={48} y={87} r={-6} /><Car who="a" x={51} y={58} r={8} /><Hit x={62} y={49} /><Warning x={14} y={18} /></>,
  GUIDE_LANE: () => <><Approach /><Paint d="left" x={45} y={98} /><Paint d="up" x={75} y={98} /><Way who="a" d="M52 30C44 24 34 18 18 18" x={14} y={18} r={-90} /><Car x={44} y={62} r={-8} /><Car who="a" x={63} y={48} r={-44} /><Hit x={52} y={50} /></>,
  REVERSING: () => <><OneWay /><Car x={60} y={86} /><Car who="a" x={60} y={46} /><Way who="a" d="M40 28v28" x={40} y={60} r={180} /><Hit x={60} y={66} /><Badge text="R" x={105} y={18} /></>,
  ROLLING: () => <><Slope /><SideCar x={30} y={98} r={-24} /><SideCar who="a" x={78} y={76.500} r={-24} /><Hit x={53} y={78} /><Way who="a" d="M104 84 82 94" x={79} y={95.500} r={-114} /></>,
  SLOPE_MEETING: () => <><Slope /><SideCar x={31} y={97.500} r={-24} /><SideCar who="a" flip x={82} y={74.500} r={-24} /><Hit x={57} y={78} /><Way d="M52 112l22-10" x={77} y={100.500} r={66} /><Way who="a" d="M106 32 86 41" x={82} y={43} r={-114} /></>,
  DOOR_OPENING: () => <><OneWay /><Way d="M50 119v-3" x={50} y={113} /><Car x={50} y={89} /><Car who="a" x={78} y={56} /><path class="d-door" d="M70 50 50 57" /><Hit x={49} y={68} /></>,
  QUEUE_CUT: () => <><OneWay /><Car who="c" x={75} y={14} /><Car x={75} y={72} /><Car who="c" x={75} y={106} /><Way who="a" d="M45 118V80c0-8 1-12 4-17" x={50} y={61} r={28} /><Car who="a" x={60} y={44} r={38} /><Hit x={69} y={57} /></>,
  ZIPPER_MERGE: () => <><Narrowing /><Car who="c" x={60} y={18} /><Way d="M74 118v-14" x={74} y={101} /><Car x={72} y={72} r={-8} /><Way who="a" d="M45 118v-14" x={45} y={101} /><Car who="a" x={51} y={66} r={12} /><Hit x={61} y={56} /></>,
  OBSTACLE_MEETING: () => <><TwoWay /><g class="d-block"><path d="M64 26h22v12H64z" /><path class="d-stripe" d="M68 38l6-12M76 38l6-12" /></g><Car x={45} y={26} r={180} /><Way who="a" d="M75 118c0-14-2-20-6-27" x={68} y={89} r={-26} /><Car who="a" x={59} y={64} r={-32} /><Hit x={49} y={45} /></>,
  DEDICATED_LANE: () => <><OneWay /><path class="d-bus" d="M60 0h29v120H60z" /><Paint d="up" x={75} y={20} /><Long x={75} y={94} /><Way who="a" d="M45 118V84c0-8 1-12 4-17" x={50} y={65} r={28} /><Car who="a" x={64} y={49} r={34} /><Hit x={71} y={69} /></>,
  RAMP_MERGE: () => <><Ramp /><Way d="M59 118v-26" x={59} y={89} /><Car x={59} y={56} /><Way who="a" d="M112 114 98 95" x={96} y={92} r={-36} /><Car who="a" x={80} y={70} r={-34} /><Hit x={69} y={57} /></>,
  CARGO_FALL: () => <><OneWay /><Long who="a" x={60} y={24} /><g class="d-a"><path d="M50 50h10v10H50zM63 58l9 4-4 9-9-4z" /></g><Way d="M60 119v-4" x={60} y={114} /><Car x={60} y={93} /><Hit x={58} y={74} /></>,
  CROSSWALK: () => <><TwoWay solid /><Zebra y={34} /><Walker x={73} y={41} r={90} /><Way d="M100 42h-6" x={91} y={42} r={-90} /><Way who="a" d="M74 119v-10" x={74} y={105} /><Car who="a" x={74} y={80} /><Hit x={74} y={60} /></>,
  ILLEGAL_PARKING: () => <><OneWay /><Car who="a" x={78} y={46} /><Way d="M75 118c0-10-2-14-6-20" x={68} y={96} r={-24} /><Car x={61} y={74} r={-26} /><Hit x={68} y={60} /><NoParking x={106} y={40} /></>,
  HIT_AND_RUN: () => <><OneWay /><Car x={45} y={86} r={-14} /><Hit x={57} y={76} /><Car who="a" x={75} y={40} /><Way who="a" d="M75 22v-8" x={75} y={11} /><path class="d-speed" d="M69 59v10M75 59v18M81 59v10" /></>,
  SCENE_DESTROYED: () => <><OneWay /><path class="d-trace" d="M40 118c0-30 2-50 8-62M52 118c0-30 2-48 8-58" /><Car x={62} y={32} r={24} /><Badge text="1" x={44} y={86} /><Badge text="2" x={76} y={86} /><path class="d-cross" d="M32 66 88 108M88 66 32 108" /></>,
  OTHER_FULL: () => <><OneWay /><Car x={46} y={44} r={20} /><Car who="a" x={72} y={68} r={-30} /><Hit x={58} y={56} /><Badge text="…" x={105} y={18} /></>,
};

export const scenarioCodes = Object.keys(scenes);

export function scene(code: string): ComponentChild {
  return (scenes[code] ?? scenes['OTHER_FULL']!)();
}
