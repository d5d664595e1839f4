// Parts of a page that few visits need: their code is fetched when they are first shown.
import { useEffect, useState } from 'preact/hooks';

/** What a module of that import gives; null until it is there. */
export function useLate<M>(load: () => Promise<M>): M | null {
  const [module, setModule] = useState<M | null>(null);
  useEffect(() => {
    let gone = false;
    load().then((one) => { if (!gone) setModule(() => one); }, () => undefined);
    return () => { gone = true; };
  }, []);
  return module;
}
