/* A media plane that only pretends: canned answers, and recordings that are sealed into the real file by the test
 * itself.
 *
 * It keeps the port's rules: one leg taken over by a newer one of the same participant, the same offer twice refused,
 * reports from a thread of its own. Thread-safe. */
#pragma once

#include "src/app/media_port.h"

typedef struct KcFakeMedia KcFakeMedia;

KcFakeMedia *kc_fake_media_new(void);
void kc_fake_media_free(KcFakeMedia *media);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcFakeMedia, kc_fake_media_free)

/* Valid as long as the fake. */
const KcMediaPort *kc_fake_media_port(KcFakeMedia *media);

/* An offer as a browser might send it; `o_id` tells offers apart. Owned. */
char *kc_fake_media_offer(const char *o_id);

/* One of a page that only receives. Owned. */
char *kc_fake_media_silent_offer(const char *o_id);

/* Reports a leg as connected and its recording as started. Returns when the app has handled it, as do those below. */
void kc_fake_media_connect(KcFakeMedia *media, const char *leg_id);
void kc_fake_media_warn(KcFakeMedia *media, const char *leg_id);
/* Who is in the slots of a leg. */
void kc_fake_media_slots(KcFakeMedia *media, const char *leg_id, const KcMediaSlot *slots, guint n);
/* The last choice of pictures as "LEG: LARGE …; HIDDEN …"; owned, NULL: none. */
char *kc_fake_media_shown(KcFakeMedia *media);
/* The participant is gone: the leg ends, its recording is finished. */
void kc_fake_media_vanish(KcFakeMedia *media, const char *leg_id);
/* From now on a leg that is to be let go of has just closed by itself, and the worker tells of that first. */
void kc_fake_media_close_first(KcFakeMedia *media);
/* `seconds` of a picture and sound go into the leg's recording and are made durable. */
void kc_fake_media_record(KcFakeMedia *media, const char *leg_id, guint seconds);
/* The worker dies: every leg is lost, every file stays as it is. */
void kc_fake_media_crash(KcFakeMedia *media);
/* What the app let go of ends by itself, a moment later: returns when the app has been told of all that. */
void kc_fake_media_settle(KcFakeMedia *media);

/* From now on: what every join is refused with; status 0: none. */
void kc_fake_media_refuse(KcFakeMedia *media, guint status, const char *code);
guint kc_fake_media_legs(KcFakeMedia *media);
