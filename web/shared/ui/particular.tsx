// One particular of a party: corrected as it is typed, and a kind word once it is left.
import { useState } from 'preact/hooks';
import type { JSX, ComponentChildren } from 'preact';
import { kindWord, normalise, type ParticularField as Field } from '../particulars';
import { TextField } from './index';

export function Particular(props: {
  field: Field; label: ComponentChildren; value: string; onValue: (value: string) => void; error?: string | null; hint?: ComponentChildren; testid?: string;
  list?: string; inputMode?: JSX.InputHTMLAttributes<HTMLInputElement>['inputMode']; autocomplete?: string; maxLength?: number;
}) {
  const { field, onValue, error, inputMode, list, autocomplete, ...rest } = props;
  const [left, setLeft] = useState(false);
  const type = (text: string) => { setLeft(false); onValue(field === 'insurer' ? text : normalise(field, text)); };
  return (
    <TextField {...rest} {...(inputMode ? { inputMode } : {})} {...(list ? { list } : {})} {...(autocomplete ? { autocomplete } : {})} onValue={type} spellcheck={false}
      onBlur={() => setLeft(true)} error={error ?? (left ? kindWord(field, props.value) : null)} />
  );
}
