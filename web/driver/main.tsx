// The driver's page. Before there is a case the draft decides which screen shows; after that the case does, so that
// the same link always takes up where things stand.
import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Api, errorText, sleep } from '@shared/api';
import { applyLang, useLang } from '@shared/i18n';
import type { CaseCreated } from '@shared/types';
import { Toasts, toast } from '@shared/ui';
import { loadDraft, type Draft } from './intake';
import { saveLink, savedLink, tokenOfPath } from './link';
import { t } from './messages';
import { Before, Loading } from './screens/before';
import { config } from './shell';
import '@shared/base.css';
import './driver.css';

const anyone = new Api();

// What comes after the registration is fetched while the first screens are read, again and again on a bad network.
async function loadParty(): Promise<typeof import('./party')> {
  for (;;) {
    try { return await import('./party'); } catch { await sleep(1000); }
  }
}
const party = loadParty();

function Party({ token }: { token: string }) {
  const [loaded, setLoaded] = useState<typeof import('./party') | null>(null);
  useEffect(() => { void party.then(setLoaded); }, []);
  return loaded ? <loaded.Party token={token} /> : <Loading />;
}

function App() {
  useLang();
  const [token, setToken] = useState(tokenOfPath(location.pathname));
  const [draft, setDraft] = useState<Draft>(loadDraft);
  const resume = useMemo(savedLink, []);
  useEffect(() => { document.title = t('title'); });
  useEffect(() => { void anyone.config().then((found) => config.set(found), () => undefined); }, []);

  const onCreated = async (created: CaseCreated, wantsOfficer: boolean, reason: string) => {
    saveLink({ token: created.token, caseId: created.case.id, partyId: created.party.id, at: Date.now() });
    if (wantsOfficer) {
      const own = new Api({ token: () => created.token });
      await own.onScene(created.case.id, reason || undefined).catch((error: unknown) => toast(errorText(error), 'bad'));
    }
    history.replaceState(null, '', `/p/${created.token}`);
    setToken(created.token);
  };
  return (
    <>
      {token ? <Party key={token} token={token} /> : <Before api={anyone} draft={draft} setDraft={setDraft} onCreated={onCreated} resume={resume} />}
      <Toasts />
    </>
  );
}

// A page that comes back from the browser's cache has a dead call and stale events: it starts over.
window.addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
applyLang();
render(<App />, document.getElementById('app')!);
