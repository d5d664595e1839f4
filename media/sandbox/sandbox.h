/* What a process that reads the bytes of strangers gives up before the first of them: privileges, the file system, and every
 * system call but those that bridging, recording and composing take. What it still needs of the outside it has by then, as
 * descriptors: the socket to the daemon, the sockets of the media, the files of recordings as they come. */
#pragma once

#include "media/protocol/message.h"

#define KC_SANDBOX_ERROR (kc_sandbox_error_quark())
GQuark kc_sandbox_error_quark(void);
typedef enum { KC_SANDBOX_ERROR_LACKING } KcSandboxError;

typedef struct {
    KcSandboxMode mode;
    guint uid, gid; /* what a process that is root becomes; 0: stays */
} KcSandboxWish;

/* While the process has one thread, since only seccomp reaches threads that are there already; everything that opens a
 * file by name (plug-ins, certificates, time zones) comes before. There is no way back.
 *
 * FALSE: KC_SANDBOX_REQUIRE can't be met; `error` says what is lacking, and the process should end. */
gboolean kc_sandbox_enter(const KcSandboxWish *wish, KcSandbox *ret_sandbox, GError **error);

/* ---- the parts; FALSE or 0 with a reason in errno ---- */

/* Root becomes the uid and gid of `wish`; capabilities are dropped in any case. */
gboolean kc_sandbox_drop_privileges(const KcSandboxWish *wish);
guint kc_sandbox_landlock(void);
gboolean kc_sandbox_seccomp(void);
