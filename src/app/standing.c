/* Invariant: what is in `kept` was decided from the database as it was in `version`. */
#include "src/app/standing.h"

#include "src/app/internal.h"

#define MOST_KEPT 1024

struct KcStanding {
    GMutex lock;
    gint64 version;
    GHashTable *kept; /* key -> KcPrincipal or NULL */
};

static void
free_principal(gpointer who)
{
    kc_principal_free(who);
}

KcStanding *
kc_standing_new(void)
{
    KcStanding *standing = g_new0(KcStanding, 1);
    g_mutex_init(&standing->lock);
    standing->version = -1;
    standing->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_principal);
    return standing;
}

void
kc_standing_free(KcStanding *standing)
{
    if (standing == NULL)
        return;
    g_hash_table_unref(standing->kept);
    g_mutex_clear(&standing->lock);
    g_free(standing);
}

gboolean
kc_standing_find(KcApp *app, const char *key, KcPrincipal **ret_who, gint64 *ret_version)
{
    KcStanding *standing = app->standing;
    gpointer who = NULL;
    if (!kc_store_version(app->store, ret_version, NULL)) {
        *ret_version = -1;
        return FALSE;
    }
    g_mutex_lock(&standing->lock);
    gboolean stands =
        standing->version == *ret_version && g_hash_table_lookup_extended(standing->kept, key, NULL, &who);
    if (stands && ret_who != NULL)
        *ret_who = kc_principal_copy(who);
    g_mutex_unlock(&standing->lock);
    return stands;
}

void
kc_standing_keep(KcApp *app, const char *key, const KcPrincipal *who, gint64 version)
{
    KcStanding *standing = app->standing;
    if (version < 0)
        return;
    g_mutex_lock(&standing->lock);
    if (version > standing->version || g_hash_table_size(standing->kept) >= MOST_KEPT)
        g_hash_table_remove_all(standing->kept);
    if (version >= standing->version) {
        standing->version = version;
        g_hash_table_insert(standing->kept, g_strdup(key), who != NULL ? kc_principal_copy(who) : NULL);
    }
    g_mutex_unlock(&standing->lock);
}
