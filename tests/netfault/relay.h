/* UDP ports in front of others, with a bad network between: each client gets a socket of its own towards the inner
 * port, as behind a NAT. One thread, no I/O but its sockets; IPv4. */
#pragma once

#include <poll.h>

#include "tests/netfault/link.h"

#define KC_FAULT_PORTS_MAX 8
#define KC_FAULT_FLOWS_MAX 64
#define KC_FAULT_WAITING_MAX 8192 /* packets on their way */
#define KC_FAULT_POLL_MAX (KC_FAULT_PORTS_MAX + KC_FAULT_FLOWS_MAX)

typedef struct KcFaultRelay KcFaultRelay;

/* `outer` and `inner` are "a.b.c.d:port", `count` ports from there on. NULL with a sentence on stderr. */
KcFaultRelay *kc_fault_relay_new(const char *outer, const char *inner, guint count, guint64 seed);
void kc_fault_relay_free(KcFaultRelay *relay);

/* What to wait for, and until when (G_MAXINT64: nothing is on its way). */
guint kc_fault_relay_poll(const KcFaultRelay *relay, struct pollfd fds[KC_FAULT_POLL_MAX], gint64 *ret_next_us);

/* Takes what has come and sends what has arrived. */
void kc_fault_relay_run(KcFaultRelay *relay);

/* One line of the tests, without its end:
 *
 *   set up|down|both WORD...      see kc_fault_set; up is from the client
 *   blackout MS                   both ways from now on, 0 ends it
 *   rebind [ADDRESS]              every client comes from another port (and address) from now on
 *   stats
 *
 * Returns a line of JSON, {"ok": ...} or {"error": ...}. */
char *kc_fault_relay_command(KcFaultRelay *relay, const char *line);
