/* The thread that asks the log's witnesses, and how it speaks to them (libcurl). */
#pragma once

#include "src/app/witnesses.h"

#include <gio/gio.h>

/* A KcWitnessPostFn; `data` is a GCancellable that ends it early, or NULL. */
gboolean kc_witness_post(gpointer data, const char *url, const char *body, guint *ret_status, char **ret_body,
                         GError **error);

typedef struct KcWitnessThread KcWitnessThread;

/* Looks every second whether there is something to ask. `app` is borrowed; `cancel` is what the app's post_data is. */
KcWitnessThread *kc_witness_thread_start(KcApp *app, GCancellable *cancel);
/* Ends what runs. Takes NULL. */
void kc_witness_thread_stop(KcWitnessThread *thread);
