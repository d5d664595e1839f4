/* What the media plane has to say, told to the port's listener by one thread of its own, in the order in which it
 * happened: a listener that waits for the disk holds up no reply of a worker.
 *
 * Thread-safe. */
#pragma once

#include "media/protocol/message.h"
#include "src/app/media_port.h"

typedef struct KcMediaReports KcMediaReports;

KcMediaReports *kc_media_reports_new(void);
/* Tells what is still waiting, then ends the thread. Takes NULL. */
void kc_media_reports_free(KcMediaReports *reports);

/* NULL: nobody listens; returns when no call of the listener is running. */
void kc_media_reports_set_listener(KcMediaReports *reports, const KcMediaListener *listener);

/* A leg, slots or recording event; taken over. */
void kc_media_reports_event(KcMediaReports *reports, KcMessage *event);
/* A worker's end; both arrays are taken over, `reason` is static. */
void kc_media_reports_lost(KcMediaReports *reports, GStrv legs, GStrv objects, const char *reason);
