// The visible map of keys: the rows that are listened for, in their groups.
import { ts } from '@shared/messages';
import { Button, Dialog } from '@shared/ui';
import { KEYS, type KeyGroup } from './keys';
import { tk } from './key_messages';

const GROUPS: KeyGroup[] = ['groupQueue', 'groupDesk', 'groupCall', 'groupCase'];

export function KeyMap({ onClose }: { onClose: () => void }) {
  const rows = Object.values(KEYS);
  return (
    <Dialog wide title={tk('title')} onClose={onClose} testid="key-map" foot={<Button testid="key-map-close" autofocus onClick={onClose}>{ts('close')}</Button>}>
      <div class="keymap">
        {GROUPS.map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`}>{tk(group)}</h3>
            <dl class="keys">
              {rows.filter((row) => row.group === group).map((row) => (
                <div key={row.what} data-testid={`keyrow-${row.what}`}><dt><kbd>{row.shown}</kbd></dt><dd>{tk(row.what)}</dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="keymap__rest">{tk('rest')}</p>
    </Dialog>
  );
}
