// The chart itself (uPlot), loaded when somebody looks at a report. It takes its colours from the tokens, and draws itself anew
// when the page gets another width or the system turns dark. What it says stands in a table beside it.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface PlotSeries { label: string; values: (number | null)[]; faint?: boolean; line?: boolean }
export interface PlotData { labels: string[]; series: PlotSeries[]; onPick?: (index: number) => void }

const HEIGHT = 220;
const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Plot {
  private chart: uPlot | null = null;
  private readonly resized = new ResizeObserver(() => this.fit());
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly redraw = () => this.draw();

  constructor(private readonly box: HTMLElement, private data: PlotData) {
    this.draw();
    this.resized.observe(box);
    this.dark.addEventListener?.('change', this.redraw);
  }

  show(data: PlotData): void {
    this.data = data;
    this.draw();
  }

  close(): void {
    this.resized.disconnect();
    this.dark.removeEventListener?.('change', this.redraw);
    this.chart?.destroy();
  }

  private fit(): void {
    const width = this.box.clientWidth;
    if (this.chart && width > 0 && width !== this.chart.width) this.chart.setSize({ width, height: HEIGHT });
  }

  private seriesOf(one: PlotSeries): uPlot.Series {
    const colour = one.faint ? token('--line-strong') : token('--brand-2');
    return {
      label: one.label, stroke: colour, alpha: one.faint ? 0.6 : 1, width: one.line ? 2 : 0, points: { show: Boolean(one.line), size: 5, fill: colour },
      ...(one.line ? {} : { fill: colour, paths: uPlot.paths.bars!({ size: [0.62, 56], radius: 0.08 }) }),
    };
  }

  private axes(): uPlot.Axis[] {
    const font = `12px ${token('--font') || 'sans-serif'}`;
    const axis: uPlot.Axis = { stroke: token('--ink-3'), font, ticks: { show: false }, grid: { show: false } };
    const { labels } = this.data;
    return [
      { ...axis, splits: (_, __, min, max) => this.places(Math.ceil(min), Math.floor(max)), values: (_, places) => places.map((one) => labels[one] ?? '') },
      { ...axis, size: 52, grid: { show: true, stroke: token('--line'), width: 1 }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5], values: (_, values) => values.map((one) => one.toLocaleString('en')) },
    ];
  }

  /** As many labels as there is room for. */
  private places(first: number, last: number): number[] {
    const widest = Math.max(1, ...this.data.labels.map((one) => [...one].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 13 : 7.5), 0)));
    const room = Math.max(1, Math.floor((this.box.clientWidth - 60) / (widest + 14)));
    const every = Math.max(1, Math.ceil((last - first + 1) / room));
    const places: number[] = [];
    for (let place = Math.max(0, first); place <= Math.min(last, this.data.labels.length - 1); place += every) places.push(place);
    return places;
  }

  private draw(): void {
    const { labels, series, onPick } = this.data;
    this.chart?.destroy();
    this.chart = new uPlot({
      width: Math.max(this.box.clientWidth, 200), height: HEIGHT, padding: [12, 8, 0, 0],
      legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, __, max) => [0, Math.max(4, (max ?? 0) * 1.08)] } },
      axes: this.axes(),
      series: [{}, ...series.map((one) => this.seriesOf(one))],
    }, [labels.map((_, index) => index), ...series.map((one) => one.values)] as uPlot.AlignedData, this.box);
    if (onPick) this.chart.over.addEventListener('click', () => { const index = this.chart?.cursor.idx; if (typeof index === 'number') onPick(index); });
  }
}
