/* How the service is: readiness of its parts, and numbers to watch. */
#include "src/app/internal.h"
#include "src/app/witness_list.h"

static void
part_free(gpointer data)
{
    KcAppPart *part = data;
    g_free(part->detail);
    g_free(part);
}

static void
add_part(GPtrArray *parts, const char *name, gboolean ok, char *detail)
{
    KcAppPart *part = g_new0(KcAppPart, 1);
    part->part = name;
    part->ok = ok;
    part->detail = detail;
    g_ptr_array_add(parts, part);
}

/* A witness that is away is said, and no more; one that contradicts the log is not to be worked over. */
static void
add_witnesses(KcApp *app, GPtrArray *parts)
{
    GString *detail = g_string_new(NULL);
    gboolean ok = TRUE;
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&app->lock);
    for (guint i = 0; i < app->witnesses->len; i++) {
        const KcWitnessPeer *peer = app->witnesses->pdata[i];
        ok &= !peer->alarm;
        if (peer->trouble != NULL)
            g_string_append_printf(detail, "%s%s: %s", detail->len > 0 ? "; " : "",
                                   kc_note_verifier_name(peer->verifier), peer->trouble);
    }
    add_part(parts, "witnesses", ok, g_string_free(detail, detail->len == 0));
}

static gboolean
count_states(KcTx *tx, gpointer data, GError **error)
{
    return kc_case_store_count_by_state(tx, data, error);
}

GPtrArray *
kc_app_parts(KcApp *app)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(part_free);
    g_autoptr(GHashTable) states = NULL;
    gboolean reads = kc_store_read(app->store, count_states, &states, NULL);
    add_part(parts, "store", reads, NULL);
    add_part(parts, "vault", g_file_test(app->vault_dir, G_FILE_TEST_IS_DIR), NULL);
    gint64 free_bytes = app->free_bytes(app->vault_dir, app->clock_data);
    add_part(parts, "disk", free_bytes >= KC_LIMIT_DISK_RESERVE_BYTES,
             g_strdup_printf("%" G_GINT64_FORMAT " MiB free", free_bytes / (1024 * 1024)));
    if (app->witnesses->len > 0)
        add_witnesses(app, parts);
    if (app->has_media) {
        char *detail = NULL;
        gboolean ready = app->media.ready(app->media.self, &detail);
        add_part(parts, "media", ready, detail);
    }
    return parts;
}

gboolean
kc_app_metrics(KcApp *app, KcAppMetrics *ret_metrics, GError **error)
{
    *ret_metrics = (KcAppMetrics){0};
    if (!kc_store_read(app->store, count_states, &ret_metrics->cases_by_state, error))
        return FALSE;
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, NULL);
    g_autoptr(GHashTable) calls = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < legs->len; i++)
        g_hash_table_add(calls, ((KcLeg *)legs->pdata[i])->case_id);
    ret_metrics->live_legs = legs->len;
    ret_metrics->live_calls = g_hash_table_size(calls);
    ret_metrics->live_recordings = kc_call_table_open_tracks(app->calls);
    ret_metrics->disk_free_bytes = app->free_bytes(app->vault_dir, app->clock_data);
    ret_metrics->store_memory_bytes = kc_store_memory_bytes();
    if (app->has_media)
        ret_metrics->workers = app->media.workers(app->media.self);
    g_mutex_lock(&app->lock);
    ret_metrics->calls_started = app->calls_started;
    ret_metrics->legs_lost = app->legs_lost;
    ret_metrics->objects_recovered = app->objects_recovered;
    g_mutex_unlock(&app->lock);
    return TRUE;
}

void
kc_app_metrics_clear(KcAppMetrics *metrics)
{
    g_clear_pointer(&metrics->cases_by_state, g_hash_table_unref);
    g_clear_pointer(&metrics->workers, g_array_unref);
}
