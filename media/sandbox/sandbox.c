#include "media/sandbox/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

G_DEFINE_QUARK(kc-sandbox-error-quark, kc_sandbox_error)

static gboolean
become(uid_t uid, gid_t gid)
{
    return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0;
}

static gboolean
capabilities_drop(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0;
}

gboolean
kc_sandbox_drop_privileges(const KcSandboxWish *wish)
{
    int became = geteuid() != 0 || wish->uid == 0 || become(wish->uid, wish->gid) ? 0 : errno;
    if (!capabilities_drop() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return FALSE;
#ifdef KC_SANITIZED
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* leaks are looked for by ptrace, which the change of user has forbidden */
#endif
    errno = became != 0 ? became : EPERM;
    return geteuid() != 0 && getuid() != 0;
}

static void
note_lack(GString *lacking, gboolean lacks, const char *what)
{
    if (lacks)
        g_string_append_printf(lacking, "%s%s (%s)", lacking->len > 0 ? ", " : "", what, g_strerror(errno));
}

gboolean
kc_sandbox_enter(const KcSandboxWish *wish, KcSandbox *ret_sandbox, GError **error)
{
    g_autoptr(GString) lacking = g_string_new(NULL);
    *ret_sandbox = (KcSandbox){0};
    if (wish->mode == KC_SANDBOX_OFF)
        return TRUE;
    ret_sandbox->unprivileged = kc_sandbox_drop_privileges(wish);
    note_lack(lacking, !ret_sandbox->unprivileged, "a user without privileges");
    ret_sandbox->landlock = kc_sandbox_landlock();
    note_lack(lacking, ret_sandbox->landlock == 0, "landlock");
    ret_sandbox->seccomp = kc_sandbox_seccomp();
    note_lack(lacking, !ret_sandbox->seccomp, "seccomp");
    if (wish->mode == KC_SANDBOX_AUTO || lacking->len == 0)
        return TRUE;
    g_set_error(error, KC_SANDBOX_ERROR, KC_SANDBOX_ERROR_LACKING, "the sandbox lacks %s", lacking->str);
    return FALSE;
}
