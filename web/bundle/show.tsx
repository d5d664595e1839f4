// What is in the bundle, for people: facts, parties, documents, pictures, recordings, what happened.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { bytesText, dayAndTime, position, timeWithSeconds } from '@shared/time';
import type { LogEntry } from './check';
import type { Files } from './files';
import type { BundleDocument, EvidenceObject, Manifest } from './manifest';
import { t } from './messages';

type Key = Parameters<typeof t>[0];

/** The address of a file for as long as it is shown; null until it is read, or where there is none. */
function useFile(files: Files | null, name: string | null, type: string | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null, gone = false;
    const read = name === null ? undefined : files?.blobs.get(name);
    read?.().then((blob) => {
      if (gone) return;
      made = URL.createObjectURL(new Blob([blob], { type: type ?? '' }));
      setUrl(made);
    }, () => undefined);
    return () => { gone = true; if (made) URL.revokeObjectURL(made); setUrl(null); };
  }, [files, name, type]);
  return url;
}

function useText(files: Files | null, name: string | null): string | null {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    setText(null);
    if (name !== null) files?.blobs.get(name)?.().then((blob) => blob.text()).then(setText, () => undefined);
  }, [files, name]);
  return text;
}

const Fact = ({ name, children }: { name: Key; children: ComponentChildren }) => <><dt>{t(name)}</dt><dd>{children}</dd></>;

export function Facts({ manifest }: { manifest: Manifest }) {
  const facts = manifest.case, left = Object.entries(manifest.left_out);
  return (
    <section class="card" aria-labelledby="h-facts">
      <h2 id="h-facts">{t('facts')}</h2>
      <dl class="facts">
        <Fact name="number"><b class="num" data-testid="number">{facts.number}</b></Fact>
        <Fact name="kind">{t(manifest.kind)}</Fact>
        <Fact name="occurred"><span class="num">{dayAndTime(facts.occurred_at)}</span></Fact>
        <Fact name="place">{facts.place.text}{facts.place.latitude && <span class="num muted"> {facts.place.latitude}, {facts.place.longitude}</span>}</Fact>
        <Fact name="county">{facts.county_name ?? ''}</Fact>
        {facts.officer && <Fact name="officer">{facts.officer.name} {facts.officer.badge_number}</Fact>}
        <Fact name="made"><span class="num">{dayAndTime(manifest.made_at)}</span></Fact>
        <Fact name="by">{manifest.made_by.name ?? manifest.made_by.role}</Fact>
      </dl>
      {left.length > 0 && <p class="muted">{t('leftOut', { list: left.map(([kind, count]) => `${kind === 'erased' ? t('erased') : kind} × ${count}`).join(', ') })}</p>}
      <div class="scroll" tabIndex={0} role="group" aria-label={t('parties')}>
        <table>
          <thead><tr><th>{t('parties')}</th><th>{t('name')}</th><th>{t('phone')}</th><th>{t('plate')}</th><th>{t('licence')}</th></tr></thead>
          <tbody>{manifest.parties.map((one) => (
            <tr key={one.id}><td>{one.label}</td><td>{one.masked ? <i class="muted">{t('masked')}</i> : one.name}</td><td class="num">{one.phone}</td><td>{one.plate_number}</td><td class="num">{one.licence_number}</td></tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}

function OneDocument({ document, files }: { document: BundleDocument; files: Files | null }) {
  const text = useText(files, document.files.find((one) => one.file.endsWith('.txt'))?.file ?? null);
  return (
    <article class="document" data-testid="document">
      <h3 class="num">{document.number}</h3>
      <ul class="decisions">{document.signatures.map((one) => (
        <li key={one.id}><b>{one.label}</b> {t(one.decision as Key)} <span class="num muted">{dayAndTime(one.at)}</span>{one.statement && <q>{one.statement}</q>}</li>
      ))}</ul>
      <p class="row">{document.files.filter((one) => one.file.endsWith('.pdf')).map((one) => <FileLink key={one.file} name={one.file} files={files} />)}</p>
      {document.files.filter((one) => one.derived_from && one.derived_from.redaction !== 'printed_from_text').slice(0, 1).map((one) => <Derivation key={one.file} how={one.derived_from!.redaction} sha={one.derived_from!.sha256} />)}
      {text !== null ? <pre class="paper" tabIndex={0} data-testid="document-text">{text}</pre> : <p class="muted">{t('pickFirst')}</p>}
    </article>
  );
}

const Derivation = ({ how, sha }: { how: string; sha: string | null }) =>
  <p class="muted sha">{t('derived', { how: t((how === 'masked' ? 'masked_text' : how) as Key), sha: sha ?? '' })}</p>;

/** Opens in a tab of its own, or is saved where the browser shows no PDF. */
function FileLink({ name, files }: { name: string; files: Files | null }) {
  const url = useFile(files, name, 'application/pdf');
  const short = name.split('/').pop()!;
  return url ? <a class="btn btn--s" href={url} target="_blank" rel="noopener" download={short}>{short}</a> : <span class="muted">{short}</span>;
}

export function Documents({ manifest, files }: { manifest: Manifest; files: Files | null }) {
  if (manifest.documents.length === 0) return null;
  return (
    <section class="card" aria-labelledby="h-documents">
      <h2 id="h-documents">{t('documents')}</h2>
      {manifest.documents.map((one) => <OneDocument key={one.id} document={one} files={files} />)}
    </section>
  );
}

/** What was written in the call, by time. */
export function Messages({ manifest }: { manifest: Manifest }) {
  if (!manifest.messages?.length) return null;
  return (
    <section class="card" aria-labelledby="h-messages">
      <h2 id="h-messages">{t('messages')}</h2>
      <ul class="decisions" data-testid="messages">{manifest.messages.map((one) => (
        <li key={one.id}><b>{[one.from.label, one.from.name].filter(Boolean).join(' ') || one.from.kind}</b> <span class="num muted">{timeWithSeconds(one.sent_at)}</span> {one.text}</li>
      ))}</ul>
    </section>
  );
}

const whose = (object: EvidenceObject) => object.by.label ?? object.by.name ?? object.by.kind;

function Damage({ object }: { object: EvidenceObject }) {
  return object.damage ? <p class="bad">{t('damaged')}: {object.damage.detail}</p> : null;
}

function OnePicture({ object, files }: { object: EvidenceObject; files: Files | null }) {
  const url = useFile(files, object.file, object.content_type);
  return (
    <figure data-testid="picture">
      {url ? <a href={url} target="_blank" rel="noopener"><img src={url} alt={`${whose(object)} ${object.picture?.shot ?? object.kind}`} /></a> : <div class="blank">{object.file ? t('pickFirst') : t('noFile')}</div>}
      <figcaption><b>{whose(object)}</b> {object.picture?.shot} <span class="num muted">{dayAndTime(object.picture?.taken_at ?? object.made_at)}</span>
        <Damage object={object} />
        {object.derived_from && <Derivation how={object.derived_from.redaction} sha={object.derived_from.sha256} />}
      </figcaption>
    </figure>
  );
}

export function Pictures({ manifest, files }: { manifest: Manifest; files: Files | null }) {
  const pictures = manifest.objects.filter((one) => one.picture || one.kind === 'signature');
  if (pictures.length === 0) return null;
  return (
    <section class="card" aria-labelledby="h-pictures">
      <h2 id="h-pictures">{t('pictures')}</h2>
      <div class="gallery">{pictures.map((one) => <OnePicture key={one.id} object={one} files={files} />)}</div>
    </section>
  );
}

function OneRecording({ object, files }: { object: EvidenceObject; files: Files | null }) {
  const url = useFile(files, object.file, object.content_type);
  const [broken, setBroken] = useState(false);
  const track = object.recording!;
  return (
    <figure data-testid="recording">
      {url ? <video src={url} controls preload="metadata" playsInline aria-label={`${whose(object)} ${track.segment}`} onError={() => setBroken(true)} />
        : <div class="blank">{object.file ? t('pickFirst') : t('noFile')}</div>}
      <figcaption><b>{whose(object)}</b> <span class="num">{timeWithSeconds(track.started_at)}–{timeWithSeconds(track.ended_at)} · {position(track.duration_ms)} · {bytesText(object.bytes ?? 0)}</span>
        {track.gaps.length > 0 && <span class="muted"> {t('gap')}: {track.gaps.map((gap) => `${position(gap.from_ms)}–${position(gap.to_ms)}`).join(', ')}</span>}
        <Damage object={object} />
        {broken && <p class="bad">{t('played')}</p>}
      </figcaption>
    </figure>
  );
}

function OneDerivative({ object, files }: { object: EvidenceObject; files: Files | null }) {
  const url = useFile(files, object.file, object.content_type);
  return (
    <figure data-testid="derivative">
      {url ? <video src={url} controls preload="metadata" playsInline aria-label={t('composed', { n: object.made_from?.length ?? 0 })} />
        : <div class="blank">{object.file ? t('pickFirst') : t('noFile')}</div>}
      <figcaption><b>{t('composed', { n: object.made_from?.length ?? 0 })}</b> <span class="num">{position(object.duration_ms ?? 0)} · {bytesText(object.bytes ?? 0)}</span><Damage object={object} /></figcaption>
    </figure>
  );
}

export function Recordings({ manifest, files }: { manifest: Manifest; files: Files | null }) {
  const recordings = manifest.objects.filter((one) => one.recording), derivatives = manifest.objects.filter((one) => one.kind === 'derivative');
  if (recordings.length === 0) return null;
  return (
    <section class="card" aria-labelledby="h-recordings">
      <h2 id="h-recordings">{t('recordings')}</h2>
      <div class="tracks">{recordings.map((one) => <OneRecording key={one.id} object={one} files={files} />)}{derivatives.map((one) => <OneDerivative key={one.id} object={one} files={files} />)}</div>
    </section>
  );
}

/** Only what was found in the log. */
export function Events({ entries, manifest }: { entries: LogEntry[]; manifest: Manifest }) {
  const name = (entry: LogEntry) => manifest.parties.find((one) => one.id === entry.actor.id)?.label ?? entry.actor.kind;
  if (entries.length === 0) return null;
  return (
    <section class="card" aria-labelledby="h-events">
      <h2 id="h-events">{t('events')}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={t('events')}>
        <table>
          <thead><tr><th>#</th><th>{t('time')}</th><th>{t('event')}</th><th>{t('actor')}</th></tr></thead>
          <tbody>{entries.map((entry) => (
            <tr key={entry.seq}><td class="num">{entry.seq}</td><td class="num">{dayAndTime(new Date(entry.at_us / 1000).toISOString())}</td><td><code>{entry.kind}</code></td><td>{name(entry)}</td></tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}
