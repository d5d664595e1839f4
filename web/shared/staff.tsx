// Signing in, for every page of the staff. The bearer token lives as long as the tab; the cookie that the service sets
// beside it lets <video> and <img> read evidence.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Api, ApiError, errorText } from './api';
import { catalogue, pick, translator, useLang } from './i18n';
import { Store, useStore } from './store';
import type { Config, Role, User } from './types';
import { Button, Icon, LangSwitch, TextField } from './ui';
import './staff.css';

const messages = catalogue({
  signIn: '登录', username: '用户名', password: '密码', code: '动态验证码', wrong: '用户名或密码不正确。',
  signOut: '退出', notYours: '这个账号没有使用此页面的权限。', demoAccount: '演示账号 {name}，密码 kuaichu-demo',
}, {
  signIn: 'Sign in', username: 'User name', password: 'Password', code: 'One-time code', wrong: 'The user name or the password is not right.',
  signOut: 'Sign out', notYours: 'This account may not use this page.', demoAccount: 'Demo account {name}, password kuaichu-demo',
});
const t = translator(messages);

interface Seat { token: string; user: User }
const KEY = 'kc.staff';

function stored(): Seat | null {
  try { return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Seat | null; } catch { return null; }
}

export const seat = new Store<Seat | null>(stored());
seat.subscribe((value) => {
  if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
  else sessionStorage.removeItem(KEY);
});

export const credentials = { token: () => seat.value?.token ?? null, onUnauthorized: () => seat.set(null) };
export const api = new Api(credentials);

export async function signOut(): Promise<void> {
  await api.signOut().catch(() => undefined);
  seat.set(null);
}

/** Shows its children to those who are signed in with one of the roles, else the sign-in. */
export function StaffGate(props: { title: { zh: string; en: string }; roles: Role[]; demoUser: string; children: ComponentChildren }) {
  useLang();
  const who = useStore(seat);
  const [config, setConfig] = useState<Config | null>(null);
  useEffect(() => { api.config().then(setConfig, () => undefined); }, []);
  const allowed = who !== null && props.roles.includes(who.user.role);
  if (allowed) return <>{props.children}</>;
  return (
    <main class="signin">
      <section class="signin__card">
        <p class="signin__centre">{pick(config?.centre_name) || '事故远程快处中心'}</p>
        <h1>{pick(props.title)}</h1>
        {who && <p class="signin__error" role="alert">{t('notYours')}</p>}
        <SignIn demoUser={config?.demo ? props.demoUser : null} />
        <LangSwitch />
      </section>
    </main>
  );
}

function SignIn({ demoUser }: { demoUser: string | null }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const session = await api.signIn(username.trim(), password);
      seat.set({ token: session.token!, user: session.user });
    } catch (failure) {
      setError(failure instanceof ApiError && failure.status === 401 ? t('wrong') : errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="signin__form" onSubmit={(event) => void submit(event)}>
      <TextField label={t('username')} value={username} onValue={setUsername} autocomplete="username" autofocus required testid="username" />
      <TextField label={t('password')} value={password} onValue={setPassword} type="password" autocomplete="current-password" required testid="password" />
      {error && <p class="signin__error" role="alert" data-testid="signin-error">{error}</p>}
      <Button kind="primary" size="m" block type="submit" busy={busy} testid="sign-in">{t('signIn')}</Button>
      {demoUser && <p class="signin__demo">{t('demoAccount', { name: demoUser })}</p>}
    </form>
  );
}

/** Who sits here, and the way out. */
export function SeatMenu() {
  useLang();
  const who = useStore(seat);
  if (!who) return null;
  return (
    <span class="seat">
      <Icon name="person" size="s" />{who.user.name}{who.user.badge_number && <span class="num">{who.user.badge_number}</span>}
      <LangSwitch />
      <Button kind="quiet" testid="sign-out" onClick={() => void signOut()}>{t('signOut')}</Button>
    </span>
  );
}
