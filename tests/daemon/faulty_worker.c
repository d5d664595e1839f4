/* The real worker, with faults where every packet of video passes, in the network's thread and inside an element:
 * SIGUSR1 makes the next one abort, SIGUSR2 makes it wait forever, SIGURG makes it spin. */
#include "media/rtp/vp8.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

gboolean __real_kc_vp8_begins_keyframe(const guint8 *payload, gsize len, guint *ret_width, guint *ret_height);
gboolean __wrap_kc_vp8_begins_keyframe(const guint8 *payload, gsize len, guint *ret_width, guint *ret_height);

static int fault; /* atomic */

static void
on_fault(int number)
{
    __atomic_store_n(&fault, number, __ATOMIC_RELAXED);
}

__attribute__((constructor)) static void
faults_arm(void)
{
    signal(SIGUSR1, on_fault);
    signal(SIGUSR2, on_fault);
    signal(SIGURG, on_fault);
}

gboolean
__wrap_kc_vp8_begins_keyframe(const guint8 *payload, gsize len, guint *ret_width, guint *ret_height)
{
    int now = __atomic_load_n(&fault, __ATOMIC_RELAXED);
    if (now == SIGUSR1)
        abort();
    while (now == SIGUSR2)
        poll(NULL, 0, -1); /* pause() is not for a worker */
    while (now == SIGURG)
        __asm__ volatile("");
    return __real_kc_vp8_begins_keyframe(payload, len, ret_width, ret_height);
}
