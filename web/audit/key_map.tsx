// The visible map of keys: the rows that are listened for, in their groups.
import { ts } from '@shared/messages';
import { Button, Dialog } from '@shared/ui';
import { KEYS } from './keys';
import { tr } from './replay_messages';

export function KeyMap({ onClose }: { onClose: () => void }) {
  const rows = Object.values(KEYS);
  return (
    <Dialog wide title={tr('keysTitle')} onClose={onClose} testid="key-map" foot={<Button testid="key-map-close" autofocus onClick={onClose}>{ts('close')}</Button>}>
      <div class="keymap">
        {(['groupTime', 'groupView'] as const).map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`}>{tr(group)}</h3>
            <dl class="keys">
              {rows.filter((row) => row.group === group).map((row) => (
                <div key={row.what} data-testid={`keyrow-${row.what}`}><dt><kbd>{row.shown}</kbd></dt><dd>{tr(row.what)}</dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="keymap__rest">{tr('keysRest')}</p>
    </Dialog>
  );
}
