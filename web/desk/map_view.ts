// The map itself (Leaflet), loaded when somebody looks at a place. Below the tiles, and in their place where there are none
// or none come, lies a neutral grid: point, circle and scale are right without them.
import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { rounded, type Point } from './geo';

export interface MapWords { point: string; zoomIn: string; zoomOut: string }
export interface MapOptions { tiles: string | null; attribution: string | null; words: MapWords; start: Point; startZoom: number; onMove: (to: Point) => void }
export interface Shown { point: Point | null; accuracy_m: number | null; help: (Point & { name: string }) | null; movable: boolean }

const GridOfLines = L.GridLayer.extend({ createTile() { const tile = document.createElement('div'); tile.className = 'map__cell'; return tile; } }) as unknown as new () => L.GridLayer;
const at = ({ latitude, longitude }: Point): L.LatLngTuple => [latitude, longitude];
const pin = (kind: string) => L.divIcon({ className: `mappin mappin--${kind}`, iconSize: [28, 28], iconAnchor: [14, 28] });

export class MapView {
  private readonly map: L.Map;
  private readonly marks = L.layerGroup();
  private readonly marker: L.Marker;

  constructor(private readonly box: HTMLElement, private readonly options: MapOptions) {
    this.map = L.map(box, { center: at(options.start), zoom: options.startZoom, zoomControl: false, fadeAnimation: false, maxZoom: 19, worldCopyJump: true });
    this.map.attributionControl.setPrefix(false);
    new GridOfLines().addTo(this.map);
    if (options.tiles) L.tileLayer(options.tiles, { maxZoom: 19, ...(options.attribution ? { attribution: escaped(options.attribution) } : {}) }).addTo(this.map);
    L.control.zoom({ zoomInTitle: options.words.zoomIn, zoomOutTitle: options.words.zoomOut }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.marks.addTo(this.map);
    this.marker = L.marker(at(options.start), { icon: pin('here'), draggable: true, keyboard: false, title: options.words.point, alt: options.words.point });
    this.marker.on('dragend', () => this.moveTo(this.marker.getLatLng()));
    box.addEventListener('keydown', this.onKey);
    // Leaflet listens to the keys of a map that it saw taking the focus: who came by a key was there before it.
    if (document.activeElement === box) { box.blur(); box.focus(); }
  }

  /** Enter puts the point where the crosshair is: with the arrows that is all a mouse could do. */
  private readonly onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.target !== this.box || event.ctrlKey) return;
    event.preventDefault();
    this.toCentre();
  };

  toCentre(): void { this.moveTo(this.map.getCenter()); }

  private moveTo({ lat, lng }: L.LatLng): void { this.options.onMove(rounded({ latitude: lat, longitude: lng })); }

  show({ point, accuracy_m, help, movable }: Shown): void {
    this.marks.clearLayers();
    if (help) L.marker(at(help), { icon: pin('help'), keyboard: false, title: help.name, alt: help.name }).addTo(this.marks);
    if (!point) { this.marker.remove(); return; }
    if (accuracy_m) L.circle(at(point), { radius: accuracy_m, className: 'map__accuracy', interactive: false }).addTo(this.marks);
    this.marker.setLatLng(at(point)).addTo(this.map);
    if (movable) this.marker.dragging?.enable(); else this.marker.dragging?.disable();
    if (!this.map.getBounds().contains(at(point))) this.map.setView(at(point));
  }

  close(): void {
    this.box.removeEventListener('keydown', this.onKey);
    this.map.remove();
  }
}

/** Leaflet takes it for HTML. */
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
