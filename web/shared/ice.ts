// The TURN servers that an offer names, for phones whose network closes UDP. Asked for as soon as a call is thought of and
// again before each later offer, as their credentials run out; but no offer waits long for them, as most need none.
import { sleep, type Api } from './api';

const WAIT_MS = 400;
const FRESH_MS = 30000; // well below the life of any credential; no look at the phone's clock, which may be wrong

export class IceServers {
  private servers: RTCIceServer[] = [];
  private askedAt = -Infinity;
  private asking: Promise<void> | null = null;

  constructor(private readonly api: Pick<Api, 'iceServers'>) { void this.ask(); }

  /** For the next offer; older ones, or none, if the service does not answer at once. */
  async take(): Promise<RTCIceServer[]> {
    if (performance.now() - this.askedAt > FRESH_MS) await Promise.race([this.ask(), sleep(WAIT_MS)]);
    return this.servers;
  }

  private ask(): Promise<void> {
    this.asking ??= this.api.iceServers().then(
      (servers) => { this.servers = servers; this.askedAt = performance.now(); },
      () => undefined,
    ).finally(() => { this.asking = null; });
    return this.asking;
  }
}
