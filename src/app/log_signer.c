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

#define CREDENTIAL "kuaichu-signing-key"

static char *
credential_path(void)
{
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
    g_autofree char *path = folder != NULL ? g_build_filename(folder, CREDENTIAL, NULL) : NULL;
    return path != NULL && g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

static char *
key_path(const char *data_dir)
{
    return g_build_filename(data_dir, "keys", "signing.key", NULL);
}

static char *
next_path(const char *data_dir)
{
    return g_build_filename(data_dir, "keys", "signing.key.next", NULL);
}

static KcNoteSigner *
signer_of(const char *path, const char *name, gboolean credential, gboolean create, GError **error)
{
    guint8 seed[KC_KEY_LEN];
    gboolean read =
        credential ? kc_key_file_read_credential(path, seed, error) : kc_key_file_read(path, create, seed, error);
    if (!read)
        return NULL;
    KcNoteSigner *signer = kc_note_signer_new(name, KC_NOTE_ED25519, seed, error);
    kc_key_wipe(seed, sizeof seed);
    return signer;
}

static gboolean
is_in_force(const KcLogKey *in_force, const KcNoteSigner *signer)
{
    g_autofree char *public = kc_note_signer_public(signer);
    return strcmp(in_force->public, public) == 0;
}

static KcNoteSigner *
refuse(const KcLogKey *in_force, const KcNoteSigner *signer, GError **error)
{
    g_autofree char *public = kc_note_signer_public(signer);
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_FOLDER,
                "keys/signing.key with the name of the log gives %s, but checkpoints are signed by %s: put the key "
                "back, or leave log-origin as it was",
                public, in_force->public);
    return NULL;
}

/* The key in use, or where that is no longer in force, the next one. */
static KcNoteSigner *
find_key(const KcLogKey *in_force, const char *data_dir, const char *name, gboolean *ret_is_next, GError **error)
{
    g_autofree char *credential = credential_path(), *file = key_path(data_dir), *next = next_path(data_dir);
    g_autoptr(KcNoteSigner) signer =
        signer_of(credential != NULL ? credential : file, name, credential != NULL, FALSE, error);
    *ret_is_next = FALSE;
    if (signer == NULL)
        return NULL;
    if (is_in_force(in_force, signer))
        return g_steal_pointer(&signer);
    g_autoptr(KcNoteSigner) other = signer_of(next, name, FALSE, FALSE, NULL);
    if (other == NULL || !is_in_force(in_force, other))
        return refuse(in_force, signer, error);
    *ret_is_next = TRUE;
    return g_steal_pointer(&other);
}

static KcNoteSigner *
open_key(const KcLogKey *in_force, const char *data_dir, const char *name, GError **error)
{
    gboolean is_next;
    g_autoptr(KcNoteSigner) signer = find_key(in_force, data_dir, name, &is_next, error);
    return signer != NULL && (!is_next || kc_log_signer_replace(data_dir, error)) ? g_steal_pointer(&signer) : NULL;
}

static KcNoteSigner *
first_key(Keys *self, KcStore *store, const char *data_dir, const char *name, GError **error)
{
    g_autofree char *credential = credential_path(), *file = key_path(data_dir);
    g_autoptr(KcNoteSigner) signer =
        signer_of(credential != NULL ? credential : file, name, credential != NULL, TRUE, error);
    if (signer == NULL)
        return NULL;
    g_autofree char *public = kc_note_signer_public(signer);
    self->begin = public;
    return kc_store_write(store, begin_key, self, error) ? g_steal_pointer(&signer) : NULL;
}

KcNoteSigner *
kc_log_signer_open(KcStore *store, const char *data_dir, const char *origin, gint64 now_us, GError **error)
{
    Keys self = {.now_us = now_us};
    if (!kc_store_read(store, read_keys, &self, error))
        return NULL;
    const KcLogKey *in_force = self.keys->len > 0 ? self.keys->pdata[self.keys->len - 1] : NULL;
    g_autofree char *name = origin != NULL ? g_strdup(origin) : in_force != NULL ? name_of(in_force) : g_strdup(ORIGIN);
    KcNoteSigner *signer =
        in_force != NULL ? open_key(in_force, data_dir, name, error) : first_key(&self, store, data_dir, name, error);
    g_ptr_array_unref(self.keys);
    return signer;
}

gboolean
kc_log_signer_check(KcStore *store, const char *data_dir, char **ret_problem, GError **error)
{
    Keys self = {0};
    gboolean is_next;
    g_autoptr(GError) local = NULL;
    *ret_problem = NULL;
    if (!kc_store_read(store, read_keys, &self, error))
        return FALSE;
    const KcLogKey *in_force = self.keys->len > 0 ? self.keys->pdata[self.keys->len - 1] : NULL;
    g_autofree char *name = in_force != NULL ? name_of(in_force) : NULL;
    g_autoptr(KcNoteSigner) signer = in_force != NULL ? find_key(in_force, data_dir, name, &is_next, &local) : NULL;
    if (local != NULL)
        *ret_problem = g_strdup_printf("the key that signs checkpoints: %s", local->message);
    g_ptr_array_unref(self.keys);
    return TRUE;
}

KcNoteSigner *
kc_log_signer_next(const char *data_dir, const char *name, GError **error)
{
    g_autofree char *next = next_path(data_dir);
    return signer_of(next, name, FALSE, TRUE, error);
}

gboolean
kc_log_signer_replace(const char *data_dir, GError **error)
{
    g_autofree char *credential = credential_path(), *file = key_path(data_dir), *next = next_path(data_dir);
    return credential != NULL || kc_key_file_replace(next, file, error);
}
