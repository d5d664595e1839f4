#include "src/store/user_store.h"
#include "src/store/sql.h"

#define COLUMNS "id, username, name, role, badge_number, counties_json, password_hash, disabled, created_us, grade"

void
kc_user_free(KcUser *user)
{
    if (user == NULL)
        return;
    g_free(user->id);
    g_free(user->username);
    g_free(user->name);
    g_free(user->role);
    g_free(user->badge_number);
    g_free(user->grade);
    g_strfreev(user->counties);
    g_free(user->password_hash);
    g_free(user);
}

static void
bind_counties(KcQuery *query, const KcUser *user)
{
    static const char *const none[] = {NULL};
    kc_bind_strv(query, user->counties == NULL ? none : (const char *const *)user->counties);
}

static gpointer
read_user(KcTx *tx, KcQuery *query, GError **error)
{
    KcUser *user = g_new0(KcUser, 1);
    user->id = kc_take_text(query);
    user->username = kc_take_text(query);
    user->name = kc_take_text(query);
    user->role = kc_take_text(query);
    user->badge_number = kc_take_text(query);
    user->counties = kc_take_strv(query);
    user->password_hash = kc_take_text(query);
    user->disabled = kc_take_int(query) != 0;
    user->created_us = kc_take_int(query);
    user->grade = kc_take_text(query);
    return user;
}

gboolean
kc_user_store_insert(KcTx *tx, const KcUser *user, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO users (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, user->id);
    kc_bind_text(query, user->username);
    kc_bind_text(query, user->name);
    kc_bind_text(query, user->role);
    kc_bind_text(query, user->badge_number);
    bind_counties(query, user);
    kc_bind_text(query, user->password_hash);
    kc_bind_int(query, user->disabled != 0);
    kc_bind_int(query, user->created_us);
    kc_bind_text(query, user->grade);
    return kc_query_run(query, NULL, error);
}

KcUpdate
kc_user_store_update(KcTx *tx, const KcUser *user, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE users SET name = ?, role = ?, badge_number = ?, counties_json = ?, "
                                            "password_hash = ?, disabled = ?, grade = ? WHERE id = ?",
                                            error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, user->name);
    kc_bind_text(query, user->role);
    kc_bind_text(query, user->badge_number);
    bind_counties(query, user);
    kc_bind_text(query, user->password_hash);
    kc_bind_int(query, user->disabled != 0);
    kc_bind_text(query, user->grade);
    kc_bind_text(query, user->id);
    return kc_query_update(query, error);
}

static gboolean
get_by(KcTx *tx, const char *sql, const char *value, KcUser **ret_user, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    *ret_user = NULL;
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, value);
    return kc_query_one(tx, query, read_user, (gpointer *)ret_user, error);
}

gboolean
kc_user_store_get(KcTx *tx, const char *id, KcUser **ret_user, GError **error)
{
    return get_by(tx, "SELECT " COLUMNS " FROM users WHERE id = ?", id, ret_user, error);
}

gboolean
kc_user_store_find(KcTx *tx, const char *username, KcUser **ret_user, GError **error)
{
    return get_by(tx, "SELECT " COLUMNS " FROM users WHERE username = ?", username, ret_user, error);
}

GPtrArray *
kc_user_store_list(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " COLUMNS " FROM users ORDER BY username", error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_user, (GDestroyNotify)kc_user_free, error);
}

gboolean
kc_user_store_count(KcTx *tx, gint64 *ret_count, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM users", error);
    return query != NULL && kc_query_number(query, ret_count, error);
}
