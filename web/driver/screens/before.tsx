// The screens before there is a case: safety, six questions, place, person, consents.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { ts } from '@shared/messages';
import { Banner, Button, Check, Icon, LinkButton, PlateField, Segmented, Spinner, TextArea, TextField, type IconName } from '@shared/ui';
import { Particular } from '@shared/ui/particular';
import type { Api } from '@shared/api';
import type { CaseCreated, PartyKind } from '@shared/types';
import { hasPlace, isUrgent, nextStep, previousStep, progress, saveDraft, toNewCase, whoErrors, type Draft, type WhoError } from '../intake';
import type { SavedLink } from '../link';
import { kinds } from '../kinds';
import { t } from '../messages';
import { QuestionPicture } from '../pictures';
import { Heading, Shell } from '../shell';
import { answer, onlyDetail, QUESTIONS, toggle, type Flag } from '../triage';

interface Props { api: Api; draft: Draft; setDraft: (draft: Draft) => void; onCreated: (created: CaseCreated, wantsOfficer: boolean, reason: string) => Promise<void>; resume: SavedLink | null }

export function Before({ api, draft, setDraft, onCreated, resume }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = (part: Partial<Draft>) => { const next = { ...draft, ...part }; saveDraft(next); setDraft(next); };

  const advance = async (part: Partial<Draft> = {}) => {
    const now = { ...draft, ...part };
    const to = nextStep(now);
    if (to !== 'submit') { change({ ...part, step: to }); return; }
    change(part);
    setBusy(true);
    setProblem(null);
    try {
      const created = await api.createCase(toNewCase(now), now.key);
      await onCreated(created, now.wantsOfficer || (!isUrgent(now) && !now.recordingConsent), now.reason);
      saveDraft(null);
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  };
  const back = previousStep(draft);
  const frame = {
    progress: progress(draft.step), onBack: back ? () => change({ step: back, wantsOfficer: false }) : null,
    // Without a case there is nobody to send yet: the shortest way to one is place and phone.
    onSendOfficer: async (reason: string) => change({ wantsOfficer: true, reason, step: hasPlace(draft) ? { kind: 'who' } : { kind: 'place' } }),
    notice: problem ? <div class="notice"><Banner tone="bad" icon="warning" urgent testid="problem">{problem}</Banner></div> : null,
  };
  switch (draft.step.kind) {
    case 'safety': return <Safety {...frame} resume={resume} onStart={() => void advance({ wantsOfficer: false, occurredAt: new Date().toISOString() })} />;
    case 'question': return <QuestionScreen key={draft.step.index} frame={frame} index={draft.step.index} draft={draft}
      onAnswer={(flags) => void advance({ answers: answer(draft.answers, QUESTIONS[(draft.step as { index: number }).index]!.id, flags) })} />;
    case 'place': return <PlaceScreen frame={frame} draft={draft} change={change} onNext={() => void advance()} />;
    case 'who': return <WhoScreen frame={frame} draft={draft} change={change} busy={busy} onNext={() => void advance()} />;
    case 'consents': return <ConsentScreen frame={frame} draft={draft} change={change} busy={busy} onNext={() => void advance()} />;
  }
}

type Frame = Pick<Parameters<typeof Shell>[0], 'progress' | 'onBack' | 'onSendOfficer' | 'notice'>;

function Safety({ resume, onStart, ...frame }: Frame & { resume: SavedLink | null; onStart: () => void }) {
  const steps: { icon: IconName; title: string; text: string }[] = [
    { icon: 'warning', title: t('lightsTitle'), text: t('lightsText') }, { icon: 'triangle', title: t('triangleTitle'), text: t('triangleText') },
    { icon: 'walk', title: t('peopleTitle'), text: t('peopleText') }];
  return (
    <Shell {...frame} testid="safety" foot={<>
      <Button kind="primary" size="l" block testid="start" onClick={onStart}>{t('start')}</Button>
      <LinkButton href="tel:120" kind="danger" size="l" block icon="phone" testid="call-120">{t('hurtCall')}</LinkButton></>}>
      {resume && (
        <Banner tone="brand" icon="refresh" title={t('resume')} testid="resume-banner"
          action={<LinkButton href={`/p/${resume.token}`} kind="primary" size="m" testid="resume">{t('resumeOpen')}</LinkButton>}>{t('resumeText')}</Banner>)}
      <Heading lead={t('safetyLead')}>{t('safetyTitle')}</Heading>
      <ol class="cards">
        {steps.map((one) => (
          <li key={one.icon} class="card"><span class="card__icon"><Icon name={one.icon} /></span><span><b>{one.title}</b><small>{one.text}</small></span></li>))}
      </ol>
      <p class="note"><Icon name="clock" size="s" />{t('howLong')}</p>
    </Shell>
  );
}

function QuestionScreen({ frame, index, draft, onAnswer }: { frame: Frame; index: number; draft: Draft; onAnswer: (flags: Flag[]) => void }) {
  const question = QUESTIONS[index]!;
  const before = draft.answers[question.id];
  const [flags, setFlags] = useState<Flag[]>(before ?? []);
  const [detailing, setDetailing] = useState((before?.length ?? 0) > 0 && question.details.length > 1);
  const yes = () => {
    const only = onlyDetail(question);
    if (only) onAnswer([only]);
    else setDetailing(true);
  };
  const exclusive = question.details.every((detail) => detail.exclusive);
  return (
    <Shell {...frame} testid={`question-${question.id}`} focusKey={`${question.id}-${detailing}`}
      onBack={detailing ? () => { setDetailing(false); setFlags([]); } : frame.onBack ?? null}
      foot={detailing ? (
        <Button kind="primary" size="l" block disabled={flags.length === 0} testid="answer-done" onClick={() => onAnswer(flags)}>{t('done')}</Button>
      ) : (
        <div class="pair pair--answer">
          <Button size="l" block testid="answer-yes" onClick={yes} class={before && before.length > 0 ? 'chosen' : ''}>{t('answerYes')}</Button>
          <Button size="l" block kind="primary" testid="answer-no" onClick={() => onAnswer([])}>{t('answerNo')}</Button>
        </div>)}>
      <p class="count">{index + 1} / {QUESTIONS.length}</p>
      {!detailing && <QuestionPicture name={question.id} />}
      <Heading lead={detailing ? (exclusive ? undefined : t('whichHint')) : t(question.hint)}>{detailing ? t('which') : t(question.title)}</Heading>
      {!detailing && index === 0 && <p class="note"><Icon name="info" size="s" />{t('triageWhy')}</p>}
      {detailing && (
        <div class="cards" role="group" aria-label={t('which')}>
          {question.details.map((detail) => (
            <button key={detail.flag} type="button" class="card card--choice" aria-pressed={flags.includes(detail.flag)} data-testid={`detail-${detail.flag}`}
              onClick={() => setFlags(toggle(question, flags, detail.flag))}>
              <span class="card__tick"><Icon name="check" size="s" /></span>
              <span><b>{t(detail.text)}</b>{detail.hint && <small>{t(detail.hint)}</small>}</span>
            </button>))}
        </div>)}
    </Shell>
  );
}

type Finding = 'idle' | 'finding' | 'denied' | 'failed';
interface StepProps { frame: Frame; draft: Draft; change: (part: Partial<Draft>) => void; onNext: () => void; busy?: boolean }

function PlaceScreen({ frame, draft, change, onNext }: StepProps) {
  const [finding, setFinding] = useState<Finding>('idle');
  const [tried, setTried] = useState(false);
  const found = draft.latitude !== null;
  const locate = () => {
    if (!navigator.geolocation) { setFinding('failed'); return; }
    setFinding('finding');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { setFinding('idle'); change({ latitude: coords.latitude, longitude: coords.longitude, accuracyM: coords.accuracy }); },
      (error) => setFinding(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'),
      { enableHighAccuracy: true, timeout: 12000, maximumAge: 10000 });
  };
  const metres = Math.max(1, Math.round(draft.accuracyM ?? 0));
  const rough = found && metres > 100;
  return (
    <Shell {...frame} testid="place" foot={
      <Button kind="primary" size="l" block testid="next" onClick={() => { setTried(true); if (hasPlace(draft)) onNext(); }}>{ts('next')}</Button>}>
      <Heading lead={t('placeLead')}>{t('placeTitle')}</Heading>
      <div class="locate">
        <Check checked={draft.locationConsent} testid="consent-location" class="check--touch"
          onChange={(locationConsent) => change(locationConsent ? { locationConsent } : { locationConsent, latitude: null, longitude: null, accuracyM: null })}>{t('placeConsent')}</Check>
        <Button size="l" block kind={found ? undefined : 'primary'} icon={found ? 'refresh' : 'pin'} busy={finding === 'finding'} disabled={!draft.locationConsent}
          testid="locate" onClick={locate}>{finding === 'finding' ? t('placeFinding') : found ? t('placeAgain') : t('placeUse')}</Button>
        <div class="locate__state" role="status" data-testid="place-state">
          {found && <span class={rough ? 'say say--warn' : 'say say--ok'}><Icon name={rough ? 'info' : 'check'} size="s" />{rough ? t('placeRough', { metres }) : t('placeFound', { metres })}</span>}
          {finding === 'denied' && <span class="say say--warn"><Icon name="info" size="s" />{t('placeDenied')}</span>}
          {finding === 'failed' && <span class="say say--warn"><Icon name="info" size="s" />{t('placeFailed')}</span>}
        </div>
      </div>
      <TextArea label={t('placeText')} value={draft.placeText} onValue={(placeText) => change({ placeText })} rows={3} maxLength={200} hint={t('placeTextHint')} testid="place-text"
        error={tried && !hasPlace(draft) ? t('placeNeeded') : null} />
    </Shell>
  );
}

function WhoScreen({ frame, draft, change, onNext, busy }: StepProps) {
  const [shown, setShown] = useState<WhoError[]>([]);
  const errors = whoErrors(draft);
  const say = (field: WhoError) => shown.includes(field) && errors.includes(field);
  const leave = (field: WhoError) => () => { if (errors.includes(field) && !shown.includes(field)) setShown([...shown, field]); };
  const next = () => {
    if (errors.length === 0) { onNext(); return; }
    setShown(errors);
    document.querySelector<HTMLElement>(`[data-testid="${errors[0]}"]`)?.focus();
  };
  return (
    <Shell {...frame} testid="who" foot={<Button kind="primary" size="l" block busy={busy ?? false} testid="next" onClick={next}>{busy ? t('creating') : ts('next')}</Button>}>
      <Heading lead={t('whoLead')}>{t('whoTitle')}</Heading>
      <form class="form" onSubmit={(event) => { event.preventDefault(); next(); }}>
        <div class="field">
          <span class="field__label">{t('kindTitle')}</span>
          <Segmented label={t('kindTitle')} value={draft.kind} onValue={(kind) => change({ kind: kind as PartyKind })} choices={kinds()} testid="kind" />
          <span class="field__hint">{t('kindHint')}</span>
        </div>
        {draft.kind === 'motor' ? <>
          <PlateField label={t('plate')} value={draft.plate} disabled={draft.noPlate} onValue={(plate) => change({ plate })} testid="plate"
            hint={ts('plateExample')} error={say('plate') ? t('plateBad') : null} />
          <Check checked={draft.noPlate} onChange={(noPlate) => change({ noPlate })} testid="no-plate" class="check--touch">{t('noPlate')}</Check>
          <Check checked={draft.alone} onChange={(alone) => change({ alone })} testid="alone" class="check--touch">{t('alone')}</Check>
        </> : <Particular field="id_number" label={t('idNumber')} value={draft.idNumber} onValue={(idNumber) => change({ idNumber })} hint={t('idNumberHint')} testid="id-number" maxLength={24} />}
        <TextField label={t('phone')} type="tel" inputMode="tel" autocomplete="tel" value={draft.phone} onValue={(phone) => change({ phone })} onBlur={leave('phone')}
          hint={t('phoneHint')} error={say('phone') ? t('phoneBad') : null} testid="phone" maxLength={20} />
        <TextField label={t('name')} autocomplete="name" value={draft.name} onValue={(name) => change({ name })} onBlur={leave('name')}
          hint={t('nameHint')} error={say('name') ? t('nameBad') : null} testid="name" maxLength={60} />
        <button type="submit" hidden />
      </form>
    </Shell>
  );
}

function ConsentScreen({ frame, draft, change, onNext, busy }: StepProps) {
  return (
    <Shell {...frame} testid="consents" foot={
      draft.recordingConsent
        ? <Button kind="primary" size="l" block busy={busy ?? false} testid="next" onClick={onNext}>{busy ? t('creating') : t('consentSubmit')}</Button>
        : <Button size="l" block kind="danger" busy={busy ?? false} testid="next-no-recording" onClick={onNext}>{t('consentNoRecording')}</Button>}>
      <Heading lead={t('consentLead')}>{t('consentTitle')}</Heading>
      <div class="cards">
        <Consent testid="consent-recording" checked={draft.recordingConsent} onChange={(recordingConsent) => change({ recordingConsent })} title={t('consentRecording')} text={t('consentRecordingText')} />
        <Consent testid="consent-electronic-service" checked={draft.serviceConsent} onChange={(serviceConsent) => change({ serviceConsent })} title={t('consentService')} text={t('consentServiceText')} />
      </div>
      <p class="note"><Icon name="lock" size="s" />{t('consentKeep')}</p>
    </Shell>
  );
}

function Consent(props: { checked: boolean; onChange: (checked: boolean) => void; title: string; text: string; testid: string }) {
  return (
    <label class="card card--consent">
      <input type="checkbox" class="check__box" checked={props.checked} data-testid={props.testid} onChange={(event) => props.onChange(event.currentTarget.checked)} />
      <span><b>{props.title}</b><small>{props.text}</small></span>
    </label>
  );
}

export function Loading() {
  const [late, setLate] = useState(false);
  useEffect(() => { const timer = setTimeout(() => setLate(true), 250); return () => clearTimeout(timer); }, []);
  return <div class="screen screen--centre" data-testid="screen-loading">{late && <Spinner />}</div>;
}
