#include "src/app/log_signer.h"
#include "src/evidence/key_file.h"
#include "src/store/checkpoint_store.h"

#include <string.h>

#define ORIGIN "kuaichu.localhost/log" /* of an installation that was given no name */

typedef struct {
    GPtrArray *keys; /* of KcLogKey */
    const char *begin;
    gint64 now_us;
} Keys;

static gboolean
read_keys(KcTx *tx, gpointer data, GError **error)
{
    Keys *self = data;
    self->keys = kc_log_key_list(tx, error);
    return self->keys != NULL;
}

static gboolean
begin_key(KcTx *tx, gpointer data, GError **error)
{
    const Keys *self = data;
    return kc_log_key_begin(tx, self->begin, self->now_us, error);
}

/* "name" of "name+key id+key"; owned. */
static char *
name_of(const KcLogKey *key)
{
    return g_strndup(key->public, strcspn(key->public, "+"));
}

static gboolean
check_in_force(const KcLogKey *in_force, const char *public, GError **error)
{
    if (strcmp(in_force->public, public) == 0)
        return TRUE;
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_FOLDER,
                "keys/signing.key with the name of the log gives %s, but checkpoints are signed by %s: put the key "
                "back, or leave log-origin as it was",
                public, in_force->public);
    return FALSE;
}

static KcNoteSigner *
open_key(Keys *self, KcStore *store, const char *path, const char *origin, GError **error)
{
    const KcLogKey *in_force = self->keys->len > 0 ? self->keys->pdata[self->keys->len - 1] : NULL;
    g_autofree char *name = origin != NULL ? g_strdup(origin) : in_force != NULL ? name_of(in_force) : g_strdup(ORIGIN);
    guint8 seed[KC_KEY_LEN];
    if (!kc_key_file_read(path, in_force == NULL, seed, error))
        return NULL;
    g_autoptr(KcNoteSigner) signer = kc_note_signer_new(name, KC_NOTE_ED25519, seed, error);
    kc_key_wipe(seed, sizeof seed);
    if (signer == NULL)
        return NULL;
    g_autofree char *public = kc_note_signer_public(signer);
    self->begin = public;
    if (in_force != NULL ? !check_in_force(in_force, public, error) : !kc_store_write(store, begin_key, self, error))
        return NULL;
    return g_steal_pointer(&signer);
}

KcNoteSigner *
kc_log_signer_open(KcStore *store, const char *data_dir, const char *origin, gint64 now_us, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "keys", "signing.key", NULL);
    Keys self = {.now_us = now_us};
    if (!kc_store_read(store, read_keys, &self, error))
        return NULL;
    KcNoteSigner *signer = open_key(&self, store, path, origin, error);
    g_ptr_array_unref(self.keys);
    return signer;
}
