// The officer's wish for a photo, over the call: what happens, and a choice.
import { useEffect } from 'preact/hooks';
import { useStore } from '@shared/store';
import { Button, Dialog, Progress } from '@shared/ui';
import { t } from '../messages';
import type { PhotoAsk } from '../photo';

export function AskedPhoto({ ask }: { ask: PhotoAsk }) {
  const { step, share, error } = useStore(ask);
  useEffect(() => {
    if (step !== 'sent') return undefined;
    const timer = setTimeout(() => ask.close(), 4000);
    return () => clearTimeout(timer);
  }, [step]);
  if (step === 'none') return null;
  if (step === 'asked') {
    return (
      <Dialog sheet title={t('askTitle')} testid="photo-asked" foot={<>
        <Button kind="primary" size="l" block testid="photo-take" onClick={() => void ask.take()}>{t('askTake')}</Button>
        <Button size="l" block testid="photo-decline" onClick={() => void ask.decline()}>{t('askNo')}</Button></>}>
        <p>{t('askBody')}</p>
      </Dialog>
    );
  }
  const words = { taking: t('askTaking'), sending: t('photoSending'), waiting: t('photoWaiting'), sent: t('photoSent'), failed: error === 'too_large' ? t('askTooLarge') : error === 'camera' ? t('askNoCamera') : t('photoFailed') }[step];
  return (
    <div class="reconnect" role="status" data-testid="photo-state" data-step={step}>
      <span><b>{words}</b>{step === 'sending' && <Progress share={share} label={words} />}</span>
      {step === 'failed' && <Button size="m" testid="photo-close" onClick={() => ask.close()}>{t('askClose')}</Button>}
    </div>
  );
}
