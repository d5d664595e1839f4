// The evidence of a case as one ZIP that anybody can check (POST …/bundle), fetched with its progress and saved by the page. A recording
// may be large: what has come is handed to the browser every few megabytes, which keeps it out of the page's memory.
import { useRef, useState } from 'preact/hooks';
import { ApiError, errorText, type Api } from './api';
import { catalogue, translator } from './i18n';
import { saveFile } from './pdf';
import { bytesText } from './time';
import { Button, Progress, toast } from './ui';

const HAND_OVER = 16e6;
const PREPARES_MS = 15 * 60_000;

const messages = catalogue({
  export: '导出证据包', excerpt: '下载我的证据摘录（ZIP）', preparing: '正在核对每件证据…', loading: '已下载 {done} / {all}', cancel: '取消', saved: '已保存 {name}', broken: '下载中断，文件不完整，请重试。',
}, {
  export: 'Export the evidence', excerpt: 'Download my excerpt of the evidence (ZIP)', preparing: 'Every piece is being checked…', loading: '{done} of {all}', cancel: 'Cancel', saved: '{name} is saved', broken: 'The download broke off and is not whole; try again.',
});
const tb = translator(messages);

type Step = { done: number; all: number } | null;

/** The whole ZIP; throws if it broke off. `onStep` with what came so far, of about how much. */
export async function readBundle(response: Response, onStep: (done: number, all: number) => void, isStopped: () => boolean): Promise<Blob | null> {
  const promised = Number(response.headers.get('Content-Length')), all = promised || Number(response.headers.get('Kuaichu-Content-Bytes'));
  const reader = response.body!.getReader(), blobs: Blob[] = [];
  let held: BlobPart[] = [], heldBytes = 0, done = 0;
  for (;;) {
    const { value, done: ended } = await reader.read();
    if (isStopped()) { void reader.cancel(); return null; }
    if (ended) break;
    held.push(value as BlobPart);
    heldBytes += value.length;
    done += value.length;
    if (heldBytes > HAND_OVER) { blobs.push(new Blob(held)); held = []; heldBytes = 0; }
    onStep(done, Math.max(all, done));
  }
  if (promised && done !== promised) throw new Error('broken');
  return new Blob([...blobs, ...held], { type: 'application/zip' });
}

const nameOf = (response: Response) => /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'bundle.zip';

export function BundleButton({ api, caseId, excerpt = false, size = 'm' }: { api: Api; caseId: string; excerpt?: boolean; size?: 's' | 'm' | 'l' }) {
  const [step, setStep] = useState<Step>(null);
  const stop = useRef<AbortController | null>(null);
  const run = async () => {
    const own = stop.current = new AbortController();
    setStep({ done: 0, all: 0 });
    try {
      const response = await api.send('POST', `/api/v1/cases/${caseId}/bundle`, { accept: 'application/zip', timeoutMs: PREPARES_MS, signal: own.signal });
      const zip = await readBundle(response, (done, all) => setStep({ done, all }), () => own.signal.aborted);
      if (zip) { saveFile(zip, nameOf(response)); toast(tb('saved', { name: nameOf(response) }), 'ok'); }
    } catch (error) {
      if (!own.signal.aborted) toast(error instanceof ApiError ? errorText(error) : tb('broken'), 'bad');
    } finally {
      setStep(null);
    }
  };
  if (!step) return <Button size={size} block={excerpt} icon="lock" testid="bundle" onClick={() => void run()}>{tb(excerpt ? 'excerpt' : 'export')}</Button>;
  const label = step.all > 0 ? tb('loading', { done: bytesText(step.done), all: bytesText(step.all) }) : tb('preparing');
  return (
    <div class="bundle-step" data-testid="bundle-progress">
      <span class="num" aria-live="polite">{label}</span>
      <Progress share={step.all > 0 ? step.done / step.all : 0} label={label} />
      <Button size="s" testid="bundle-cancel" onClick={() => stop.current?.abort()}>{tb('cancel')}</Button>
    </div>
  );
}
