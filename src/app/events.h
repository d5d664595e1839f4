/* What happened, as it happens: a durable sequence, published after the commit that it came with. */
#pragma once

#include "src/app/app.h"
#include "src/store/event_store.h"

/* On the app's event thread, in ascending order of seq, each once. `event->data_json` is the whole data line of an
 * event stream: {"type":…,"case_id":…,"at":…,…}. Must not block. */
typedef void (*KcEventFn)(const KcEvent *event, gpointer user_data);

/* Any thread. Events committed after this call are seen. At most eight subscribers. */
guint kc_app_subscribe(KcApp *app, KcEventFn fn, gpointer user_data);
/* When it returns, `fn` is not running and won't run again. Not from inside `fn`. */
void kc_app_unsubscribe(KcApp *app, guint subscription);

/* What `who` may see; borrows its texts. */
KcEventReader kc_event_reader_of(const KcPrincipal *who);

/* Of a case to which somebody is blind (blind_looks.h) there is nothing to be heard but what is for that person alone: these say
 * when it begins and when it ends. */
#define KC_EVENT_BLIND_BEGINS "blind.assigned"
#define KC_EVENT_BLIND_ENDS "blind.ended"

/* of KcEvent after `after_seq`, that `who` may see; the newest number there is; and the ids of cases to which `who` is blind,
 * whose events are still among them. */
gboolean kc_app_events_since(KcApp *app, const KcPrincipal *who, gint64 after_seq, guint limit, GPtrArray **ret_events,
                             gint64 *ret_newest, GStrv *ret_blind, KcResult *result, GError **error);
