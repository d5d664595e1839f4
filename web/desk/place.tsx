// Where it happened: the words of the report, the point with its accuracy, the county, the nearest hospital; and the desk's
// hand to correct them, by mouse or by keys. Everything but the picture of the map works without it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { pick } from '@shared/i18n';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import type { Case, Codes, PlaceChange } from '@shared/types';
import { Button, Pill, TextField, toast } from '@shared/ui';
import { distanceText, nearest, pointText, type Point } from './geo';
import { useKey } from './keys';
import { tm } from './map_messages';
import type { MapView } from './map_view';
import type { Room } from './room';

const MAY_CORRECT: readonly Case['state'][] = ['in_call', 'evidence_fixed', 'on_scene'];
const pointOf = ({ place }: Case): Point | null => (place.latitude != null && place.longitude != null ? { latitude: place.latitude, longitude: place.longitude } : null);

export function PlacePanel({ room, file, codes }: { room: Room; file: Case; codes: Codes }) {
  const [text, setText] = useState<string | null>(null);
  const [moved, setMoved] = useState<Point | null>(null);
  const [busy, setBusy] = useState(false);
  const movable = MAY_CORRECT.includes(file.state);
  const point = moved ?? pointOf(file);
  const county = codes.counties.find((one) => one.code === file.county);
  const help = point ? nearest(point, codes.hospitals) : null;
  const accuracy = moved ? null : file.place.accuracy_m ?? null;
  const changed = moved !== null || (text !== null && text !== (file.place.text ?? ''));
  const undo = () => { setText(null); setMoved(null); };
  const save = async () => {
    setBusy(true);
    const place: PlaceChange = { ...(text !== null ? { text: text.trim() || null } : {}), ...(moved ?? {}) };
    if (await room.attempt(() => api.patchPlace(file.id, place, file.version), tm('saved'))) undo();
    setBusy(false);
  };
  const copy = () => void navigator.clipboard.writeText(pointText(point!)).then(() => toast(tm('copied'), 'ok'), () => toast(pointText(point!)));
  return (
    <section class="place" aria-label={tm('place')} data-testid="place-panel">
      <TextField label={tm('place')} value={text ?? file.place.text ?? ''} disabled={!movable} maxLength={200} onValue={setText} testid="case-place" />
      <PlaceMap room={room} point={point} accuracy={accuracy} start={point ?? county ?? codes.counties[0] ?? { latitude: 35, longitude: 105 }} known={point !== null} help={help && { ...help.one, name: pick(help.one) }} movable={movable} onMove={setMoved} />
      <p class="place__facts">
        <span class="num" data-testid="place-point">{point ? pointText(point) : tm('none')}</span>
        {point && (moved ? <Pill tone="warn">{tm('byHand')}</Pill> : accuracy ? <span class="num">{tm('accuracy', { m: accuracy })}</span> : null)}
        <Pill {...(file.county ? {} : { tone: 'warn' as const })} testid="place-county">{countyName(file) || tm('noCounty')}</Pill>
        {point && <Button size="s" testid="place-copy" onClick={copy}>{tm('copy')}</Button>}
      </p>
      {help && <p class="place__help" data-testid="place-hospital">{tm('hospital', { name: pick(help.one), far: distanceText(help.metres) })} {help.one.example ? <Pill tone="warn">{tm('example')}</Pill> : help.one.phone}</p>}
      {changed && (
        <p class="place__save">
          <Button size="s" testid="place-undo" onClick={undo}>{tm('undo')}</Button>
          <Button size="s" kind="primary" busy={busy} testid="place-save" onClick={() => void save()}>{tm('save')}</Button>
        </p>)}
    </section>
  );
}

const countyName = (file: Case) => (typeof file.county_name === 'string' ? file.county_name : pick(file.county_name));

function PlaceMap({ room, point, accuracy, start, known, help, movable, onMove }: {
  room: Room; point: Point | null; accuracy: number | null; start: Point; known: boolean; help: (Point & { name: string }) | null; movable: boolean; onMove: (to: Point) => void;
}) {
  const { config } = useStore(room);
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const move = useRef(onMove);
  move.current = movable ? onMove : () => undefined;
  useEffect(() => {
    let gone = false;
    void import('./map_view').then(({ MapView }) => {
      if (gone || !box.current) return;
      view.current = new MapView(box.current, {
        tiles: config?.map?.tiles ?? null, attribution: config?.map?.attribution ?? null, start, startZoom: known ? 16 : 11,
        words: { point: tm('point'), zoomIn: tm('zoomIn'), zoomOut: tm('zoomOut') }, onMove: (to) => move.current(to),
      });
      setState('ready');
    }, () => { if (!gone) setState('failed'); });
    return () => { gone = true; view.current?.close(); view.current = null; };
  }, [config?.map?.tiles]);
  useEffect(() => { view.current?.show({ point, accuracy_m: accuracy, help, movable }); }, [state, point?.latitude, point?.longitude, accuracy, help?.name, movable]);
  useKey('map', () => box.current?.focus());
  return (
    <div class="map" data-testid="map" data-state={state}>
      <div class="map__view" ref={box} tabIndex={0} role="application" aria-label={tm('map')} data-testid="map-view" />
      {state !== 'ready' && <p class="map__word" role="status">{tm(state === 'failed' ? 'failed' : 'loading')}</p>}
      {state === 'ready' && movable && <Button size="s" class="map__centre" testid="map-centre" label={tm('centre')} onClick={() => view.current?.toCentre()}>{tm('centre')} <kbd aria-hidden="true">⏎</kbd></Button>}
    </div>
  );
}
