// The drawing of a scenario: blue is who did it, white the other.
import './diagrams.css';
import { scene } from './scenes';

/** With a title it speaks for itself; without one it stands beside text that says the same. */
export function Diagram({ code, title, desc }: { code: string; title?: string; desc?: string }) {
  return (
    <svg class="diagram" viewBox="0 0 120 120" data-scenario={code} focusable="false" {...(title ? { role: 'img', 'aria-label': desc ? `${title}: ${desc}` : title } : { 'aria-hidden': 'true' as const })}>
      {title && <title>{title}</title>}
      {title && desc && <desc>{desc}</desc>}
      {scene(code)}
    </svg>
  );
}
