// A network of a suite's own. Firefox takes no loopback address for a candidate (RFC 8445, 5.1.1.1), so its pages need an
// interface with another: importing this first makes the importing file run once more, in a network namespace with such
// an interface. The default route there leads nowhere; without one Firefox gathers nothing at all. HTTP stays on
// 127.0.0.1, so that pages may open cameras. The namespace has no name and goes with its last process, and its processes
// go with the first: nothing is left behind, however the suite ends.
import { spawnSync } from 'node:child_process';

/** Where the media workers of a suite in here listen. */
export const mediaAddress = '10.77.0.1';

const inside = `ip link set lo up && ip link add kc0 type veth peer name kc1 &&
  ip address add ${mediaAddress}/24 dev kc0 && ip link set kc0 up && ip link set kc1 up &&
  ip route add default dev kc0 && exec "$@"`;

if (!process.env.KUAICHU_NETNS) {
  const unshare = ['unshare', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', ...(process.getuid() === 0 ? [] : ['--map-root-user'])];
  // Whoever ends this process ends the namespace: nobody would wait for it any more.
  const { status, signal, error } = spawnSync('setpriv', ['--pdeathsig', 'TERM', ...unshare, 'sh', '-c', inside, 'sh', process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    { stdio: 'inherit', env: { ...process.env, KUAICHU_NETNS: '1' } });
  if (error) throw error;
  if (signal) console.error(`the network namespace ended by ${signal}`);
  process.exit(status ?? 1);
}
