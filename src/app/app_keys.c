/* The keys at the start of the service: where the master key is, and that safe and database belong together. */
#include "src/app/internal.h"

#include "src/store/case_keys_store.h"

#define CREDENTIAL "kuaichu-master-key"
#define CASES_A_TURN 1000
#define RULE_RESTORED "KEY_DESTROYED"

/* NULL: systemd hands over none. */
static char *
credential_path(void)
{
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
    g_autofree char *path = folder != NULL ? g_build_filename(folder, CREDENTIAL, NULL) : NULL;
    return path != NULL && g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

KcKeyring *
kc_app_open_keyring(const KcAppOptions *options, gboolean fresh, GError **error)
{
    g_autofree char *credential = options->master_key == NULL ? credential_path() : NULL;
    g_autofree char *file = g_build_filename(options->data_dir, "keys", "master.key", NULL);
    g_autofree char *next = g_build_filename(options->data_dir, "keys", "master.key.next", NULL);
    g_autofree char *safe = g_build_filename(options->data_dir, "keys", "case-keys", NULL);
    const KcKeyFiles files = {
        .master = options->master_key != NULL ? options->master_key
                  : credential != NULL        ? credential
                                              : file,
        .next = options->next_master_key != NULL ? options->next_master_key : next,
        .safe = safe,
        .is_credential = credential != NULL,
    };
    return kc_keyring_open_files(&files, fresh, error);
}

/* ---- Do they belong together ---- */

static gboolean
read_known(KcTx *tx, gpointer known, GError **error)
{
    return kc_case_keys_known(tx, known, error);
}

static gboolean
set_known(KcTx *tx, gpointer data, GError **error)
{
    KcApp *app = data;
    return kc_case_keys_set_known(tx, kc_keyring_destroyed(app->keyring), error);
}

gboolean
kc_app_match_keys(KcApp *app, GError **error)
{
    gint64 known;
    if (!kc_store_read(app->store, read_known, &known, error))
        return FALSE;
    if (!kc_keyring_has_safe(app->keyring) && known >= 0) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_KEYS,
                    "%s/keys/case-keys is missing, and without it no case can be read: put back its newest copy",
                    app->data_dir);
        return FALSE;
    }
    if (!kc_keyring_has_safe(app->keyring) && !kc_keyring_make_safe(app->keyring, error))
        return FALSE;
    return known >= 0 || kc_store_write(app->store, set_known, app, error);
}

/* ---- What is to be done at the start ---- */

static gboolean
rewrap(KcTx *tx, gpointer done, GError **error)
{
    return kc_case_keys_rewrap(tx, CASES_A_TURN, done, error);
}

/* Keys that are under the master key itself. */
static gboolean
bring_under_the_tree(KcApp *app, GError **error)
{
    guint done = 0;
    do {
        if (!kc_store_write(app->store, rewrap, &done, error))
            return FALSE;
    } while (done > 0);
    return TRUE;
}

typedef struct {
    KcApp *app;
    KcKeyClass class;
    guint lost;
} Restored;

/* A database from before an erasure: what it brought back can't be read, and is taken out again. */
static gboolean
erase_lost(KcTx *tx, gpointer data, GError **error)
{
    Restored *self = data;
    g_autoptr(GPtrArray) lost = kc_case_keys_lost(tx, self->class, CASES_A_TURN, error);
    self->lost = lost != NULL ? lost->len : 0;
    const char *basis = kc_rules_key_destroyed_basis(kc_app_rules(self->app));
    for (guint i = 0; i < self->lost; i++) {
        const KcErasure erasure = {lost->pdata[i], RULE_RESTORED, basis, kc_app_now(self->app)};
        if (self->class == KC_KEY_CASE ? !kc_app_erase_case(tx, &erasure, error)
                                       : !kc_app_erase_recordings(tx, &erasure, error))
            return FALSE;
    }
    return lost != NULL;
}

static gboolean
requeue(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    return kc_case_keys_requeue(tx, error);
}

static gboolean
reconcile(KcApp *app, GError **error)
{
    gint64 known;
    if (!kc_store_read(app->store, read_known, &known, error))
        return FALSE;
    if ((guint64)known == kc_keyring_destroyed(app->keyring))
        return TRUE;
    g_message("the database and the safe are not of the same moment: erasures are carried out again");
    for (KcKeyClass class = KC_KEY_CASE; class <= KC_KEY_RECORDINGS; class ++) {
        Restored restored = {app, class, 0};
        do {
            if (!kc_store_write(app->store, erase_lost, &restored, error))
                return FALSE;
        } while (restored.lost > 0);
    }
    return kc_store_write(app->store, requeue, NULL, error) && kc_store_write(app->store, set_known, app, error);
}

gboolean
kc_app_settle_keys(KcApp *app, GError **error)
{
    return reconcile(app, error) && (kc_keyring_is_rotating(app->keyring) || bring_under_the_tree(app, error)) &&
           kc_app_destroy_erased(app, error);
}
