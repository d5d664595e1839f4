/* Opens and closes the service's ground: folder, lock, keys, store, vault, events, calls. */
#include "src/app/compose_queue.h"
#include "src/app/internal.h"
#include "src/app/log_signer.h"
#include "src/app/witness_list.h"
#include "src/app/photo_requests.h"
#include "src/app/reader_shelf.h"
#include "src/app/standing.h"
#include "src/evidence/vault.h"
#include "src/store/log_tree.h"
#include "src/store/state_bind.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "src/app/accounts.h"
#include "src/app/rule_versions.h"

#define STAFF_SESSION_US (12 * G_TIME_SPAN_HOUR)
#define PARTY_LINK_US (72 * G_TIME_SPAN_HOUR)
#define LEAVES_A_TURN 2000
#define FINISH_TIMEOUT_US (3 * G_TIME_SPAN_SECOND)

G_DEFINE_QUARK(kc - app - error - quark, kc_app_error)

static gint64
wall_clock(gpointer data)
{
    return kc_timestamp_now_us();
}

static gint64
statvfs_free_bytes(const char *dir, gpointer data)
{
    struct statvfs fs;
    if (statvfs(dir, &fs) != 0)
        return 0;
    return (gint64)fs.f_bavail * (gint64)fs.f_frsize;
}

gint64
kc_app_now(const KcApp *app)
{
    return app->now_us(app->clock_data);
}

KcId
kc_app_new_id(const KcApp *app)
{
    return kc_id_now(kc_app_now(app));
}

gboolean
kc_app_is_demo(const KcApp *app)
{
    return app->demo;
}

const KcRules *
kc_app_rules(const KcApp *app)
{
    return kc_rule_shelf_in_force(app->shelf, kc_app_now(app))->rules;
}

gint64
kc_app_rules_number(const KcApp *app)
{
    return kc_rule_shelf_in_force(app->shelf, kc_app_now(app))->number;
}

const KcRules *
kc_app_rules_at(const KcApp *app, gint64 number)
{
    const KcRuleSet *set = kc_rule_shelf_get(app->shelf, number);
    return set != NULL ? set->rules : NULL;
}

const KcRuleSet *
kc_app_rule_set(const KcApp *app, gint64 number)
{
    const KcRuleSet *set = kc_rule_shelf_get(app->shelf, number);
    return set != NULL ? set : kc_rule_shelf_in_force(app->shelf, kc_app_now(app));
}

const KcRules *
kc_app_rules_of(const KcApp *app, const KcCaseRow *row)
{
    return kc_app_rule_set(app, row->rules_number)->rules;
}

static KcApp *
app_new(const KcAppOptions *options)
{
    KcApp *app = g_new0(KcApp, 1);
    app->data_dir = g_strdup(options->data_dir);
    app->vault_dir = g_build_filename(options->data_dir, "vault", NULL);
    app->public_url = g_strdup(options->public_url);
    app->shelf = kc_rule_shelf_new(options->demo, options->text_only);
    app->turn = options->turn;
    app->demo = options->demo;
    app->purpose_required = !options->purpose_asked;
    app->now_us = options->now_us != NULL ? options->now_us : wall_clock;
    app->free_bytes = options->free_bytes != NULL ? options->free_bytes : statvfs_free_bytes;
    app->clock_data = options->clock_data;
    app->reserve_bytes = options->reserve_bytes > 0 ? options->reserve_bytes : KC_LIMIT_DISK_RESERVE_BYTES;
    app->hold_reserve = options->hold_reserve;
    app->password_cost = options->password_cost;
    app->staff_session_us = options->staff_session_us > 0 ? options->staff_session_us : STAFF_SESSION_US;
    app->party_link_us = options->party_link_us > 0 ? options->party_link_us : PARTY_LINK_US;
    app->lock_fd = -1;
    app->calls = kc_call_table_new();
    app->opened_us = app->now_us(app->clock_data);
    app->standing = kc_standing_new();
    app->recent_looks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    app->idle_readers = g_ptr_array_new();
    app->photo_requests = g_ptr_array_new_with_free_func((GDestroyNotify)kc_photo_request_free);
    app->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_queue_init(&app->unrecovered);
    g_mutex_init(&app->lock);
    g_cond_init(&app->idle);
    if (options->compose != NULL)
        app->compose = *options->compose;
    if (options->media != NULL) {
        app->has_media = TRUE;
        app->media = *options->media;
    }
    return app;
}

gint64
kc_app_seen_us(KcApp *app, const char *id)
{
    g_mutex_lock(&app->lock);
    const gint64 *at = g_hash_table_lookup(app->seen, id);
    gint64 seen_us = at != NULL ? *at : 0;
    g_mutex_unlock(&app->lock);
    return seen_us;
}

/* Its name is durable: what is promised later is in it. */
static gboolean
make_folder(const char *path, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(path);
    if (g_mkdir_with_parents(path, 0700) == 0 && g_access(path, W_OK | X_OK) == 0)
        return kc_vault_sync_folder(parent, error);
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_FOLDER, "%s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean
take_lock(KcApp *app, GError **error)
{
    g_autofree char *path = g_build_filename(app->data_dir, "lock", NULL);
    app->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (app->lock_fd < 0) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_FOLDER, "%s: %s", path, g_strerror(errno));
        return FALSE;
    }
    if (flock(app->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_LOCKED,
                "another kuaichud is using the folder %s: stop it first, or give this one a folder of its own (--data)",
                app->data_dir);
    return FALSE;
}

static gboolean
read_newest_event(KcTx *tx, gpointer data, GError **error)
{
    gint64 oldest;
    return kc_event_store_range(tx, &oldest, data, error);
}

static gboolean
add_leaves(KcTx *tx, gpointer data, GError **error)
{
    return kc_log_tree_complete(tx, LEAVES_A_TURN, data, error);
}

/* Once, after the migration from a version whose log had no tree. */
static gboolean
complete_log_tree(KcApp *app, GError **error)
{
    guint added = 0;
    do {
        if (!kc_store_write(app->store, add_leaves, &added, error))
            return FALSE;
    } while (added > 0);
    return TRUE;
}

typedef struct {
    KcStateBinding binding;
    gint64 now_us;
    gboolean done;
} Bind;

static gboolean
bind_turn(KcTx *tx, gpointer data, GError **error)
{
    Bind *self = data;
    return kc_state_bind_turn(tx, &self->binding, self->now_us, &self->done, error);
}

/* Once, after the migration to a new schema. */
static gboolean
bind_states(KcApp *app, GError **error)
{
    Bind self = {.now_us = kc_app_now(app)};
    gboolean ok;
    do {
        ok = kc_store_write(app->store, bind_turn, &self, error);
    } while (ok && !self.done);
    kc_state_binding_clear(&self.binding);
    return ok;
}

/* `*ret_fresh`: there was no database. Only then may a master key be made: a new one opens nothing that is old. */
static gboolean
open_store(KcApp *app, const KcAppOptions *options, gboolean *ret_fresh, GError **error)
{
    g_autofree char *keys = g_build_filename(app->data_dir, "keys", NULL);
    g_autofree char *database = g_build_filename(app->data_dir, "kuaichu.db", NULL);
    *ret_fresh = !g_file_test(database, G_FILE_TEST_EXISTS);
    if (!make_folder(keys, error) || !make_folder(app->vault_dir, error))
        return FALSE;
    app->keyring = kc_app_open_keyring(options, *ret_fresh, error);
    app->store = app->keyring != NULL ? kc_store_open(database, app->keyring, error) : NULL;
    return app->store != NULL && kc_app_match_keys(app, error) && complete_log_tree(app, error) && bind_states(app, error);
}

static gboolean
open_log_signer(KcApp *app, const char *origin, GError **error)
{
    app->log_signer = kc_log_signer_open(app->store, app->data_dir, origin, kc_app_now(app), error);
    return app->log_signer != NULL;
}

static gboolean
take_witnesses(KcApp *app, const KcWitnessOptions *options, GError **error)
{
    if (options != NULL)
        app->witness = *options;
    app->witnesses = kc_witness_list_new(&app->witness, error);
    return app->witnesses != NULL;
}

static gboolean
start_events(KcApp *app, GError **error)
{
    gint64 newest = 0;
    if (!kc_store_read(app->store, read_newest_event, &newest, error))
        return FALSE;
    app->bus = kc_event_bus_new(app->store, newest);
    kc_store_set_events_fn(app->store, kc_event_bus_wake, app->bus);
    return TRUE;
}

/* The command line takes the rules as they are, and makes the first version only where there is none. */
static gboolean
start_rules(KcApp *app, const KcAppOptions *options, GError **error)
{
    if (!kc_app_refresh_rules(app, error))
        return FALSE;
    gboolean none = kc_rule_shelf_is_empty(app->shelf);
    if (!app->has_media && !none)
        return TRUE;
    return kc_app_adopt_rules(app, options->rules_dir, options->templates_dir, error) && kc_app_refresh_rules(app, error);
}

static gboolean
add_demo_accounts(KcApp *app, GError **error)
{
    static const struct {
        const char *username, *role, *name, *badge, *grade;
    } accounts[] = {
        {"officer", "officer", "王建国", "611001", "junior"},
        {"intake", "intake_operator", "李晓梅", "611F02", NULL},
        {"supervisor", "supervisor", "赵明", "611003", "middle"},
        {"auditor", "auditor", "陈静", "611004", NULL},
        {"admin", "admin", "系统管理员", NULL, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(accounts); i++) {
        const KcNewUser user = {
            .username = accounts[i].username,
            .password = "kuaichu-demo",
            .role = accounts[i].role,
            .name = accounts[i].name,
            .badge_number = accounts[i].badge,
            .grade = accounts[i].grade,
        };
        g_auto(KcResult) result = {0};
        if (!kc_app_add_user(app, NULL, &user, NULL, &result, error) && result.kind == KC_RESULT_OK)
            return FALSE;
    }
    return TRUE;
}

KcApp *
kc_app_new(const KcAppOptions *options, GError **error)
{
    g_autoptr(KcApp) app = app_new(options);
    gboolean fresh = FALSE;
    if (!take_witnesses(app, options->witness, error) || !make_folder(app->data_dir, error) ||
        ((app->has_media || options->exclusive) && !take_lock(app, error)) ||
        !open_store(app, options, &fresh, error) || (app->has_media && !open_log_signer(app, options->log_origin, error)) ||
        !start_events(app, error) || !start_rules(app, options, error) ||
        (app->lock_fd >= 0 && !kc_app_settle_keys(app, error))) /* by the rules in force */
        return NULL;
    kc_app_recovery_start(app);
    if (fresh && app->demo && !add_demo_accounts(app, error))
        return NULL;
    if (!app->has_media)
        return g_steal_pointer(&app);
    kc_app_open_reserve(app);
    kc_app_tend_reserve(app);
    if (!kc_app_recover_live(app, error) || !kc_compose_queue_start(app, error))
        return NULL;
    KcMediaListener listener = kc_app_media_listener(app);
    app->media.set_listener(app->media.self, &listener);
    return g_steal_pointer(&app);
}

static void
end_all_calls(KcApp *app)
{
    if (!app->has_media || app->bus == NULL)
        return;
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, NULL);
    for (guint i = 0; i < legs->len; i++)
        app->media.leave(app->media.self, ((KcLeg *)legs->pdata[i])->leg_id, "stopped");
    /* What does not come in time is recovered at the next start. */
    kc_call_table_wait_tracks(app->calls, FINISH_TIMEOUT_US);
    app->media.set_listener(app->media.self, NULL);
}

void
kc_app_free(KcApp *app)
{
    if (app == NULL)
        return;
    end_all_calls(app);
    kc_compose_queue_stop(app);
    kc_app_recovery_stop(app);
    kc_app_sweep_readers(app, TRUE);
    kc_event_bus_free(app->bus);
    kc_store_close(app->store);
    kc_note_signer_free(app->log_signer);
    g_clear_pointer(&app->witnesses, g_ptr_array_unref);
    kc_rule_shelf_free(app->shelf);
    kc_keyring_free(app->keyring);
    if (app->lock_fd >= 0)
        close(app->lock_fd);
    kc_call_table_free(app->calls);
    kc_standing_free(app->standing);
    g_hash_table_unref(app->recent_looks);
    g_ptr_array_unref(app->idle_readers);
    g_ptr_array_unref(app->photo_requests);
    g_hash_table_unref(app->seen);
    g_cond_clear(&app->idle);
    g_mutex_clear(&app->lock);
    g_free(app->data_dir);
    g_free(app->vault_dir);
    g_free(app->public_url);
    g_free(app);
}
