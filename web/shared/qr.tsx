// A text as a QR code, drawn as one path. A page that needs it late imports it late.
import qrcode from 'qrcode-generator';

const QUIET = 4; // modules of light around the code, as its standard wants

/** The dark modules of a code as one path. */
export function qrPath(text: string): { path: string; size: number } {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row += 1) for (let column = 0; column < count; column += 1) if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
  return { path, size: count + 2 * QUIET };
}

export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = qrPath(text);
  return <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges" data-testid="invite-qr"><path d={path} /></svg>;
}
