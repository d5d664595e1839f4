/* The daemon's end of a worker: reads requests, hands them to the transport's thread, sends what comes back.
 *
 * Belongs to the main thread and its default main context. */
#pragma once

#include "media/protocol/channel.h"

typedef struct KcControl KcControl;

/* `ended` is called once, when the daemon has gone or has sent "stop". Takes `channel` over. */
KcControl *kc_control_new(KcChannel *channel, void (*ended)(gpointer user), gpointer user);

/* Ends every call, waits until every recording is sealed, sends the last events, frees everything. */
void kc_control_free(KcControl *control);
