#include "src/store/rule_store.h"
#include "src/store/sql.h"

#define OVER "('closed', 'abandoned', 'expired')"
#define SELECT                                                                                                         \
    "SELECT v.number, v.origin, v.reason, v.equals, v.created_by, u.name, v.created_us, v.valid_from_us, "             \
    "v.withdrawn_by, v.withdrawn_us, (SELECT count(*) FROM cases c WHERE c.rules_number = v.number), "                 \
    "(SELECT count(*) FROM cases c WHERE c.rules_number = v.number AND c.state NOT IN " OVER ") "                      \
    "FROM rule_versions v LEFT JOIN users u ON u.id = v.created_by "

void
kc_rule_version_free(KcRuleVersion *version)
{
    if (version == NULL)
        return;
    g_free(version->origin);
    g_free(version->reason);
    g_free(version->created_by);
    g_free(version->creator_name);
    g_free(version->withdrawn_by);
    g_free(version);
}

void
kc_rule_version_file_free(KcRuleVersionFile *file)
{
    if (file == NULL)
        return;
    g_free(file->name);
    g_free(file->sha256);
    g_free(file);
}

static gpointer
read_version(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcRuleVersion *version = g_new0(KcRuleVersion, 1);
    version->number = kc_take_int(query);
    version->origin = kc_take_text(query);
    version->reason = kc_take_text(query);
    version->equals = kc_take_int(query);
    version->created_by = kc_take_text(query);
    version->creator_name = kc_take_text(query);
    version->created_us = kc_take_int(query);
    version->valid_from_us = kc_take_int(query);
    version->withdrawn_by = kc_take_text(query);
    version->withdrawn_us = kc_take_int(query);
    version->cases = kc_take_int(query);
    version->open_cases = kc_take_int(query);
    return version;
}

static gboolean
number_of(KcTx *tx, const char *sql, gint64 *ret_number, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    return query != NULL && kc_query_number(query, ret_number, error);
}

gboolean
kc_rule_store_insert(KcTx *tx, KcRuleVersion *version, GError **error)
{
    if (!number_of(tx, "SELECT coalesce(max(number), 0) + 1 FROM rule_versions", &version->number, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO rule_versions (number, origin, reason, equals, created_by, created_us, "
                     "valid_from_us) VALUES (?, ?, ?, nullif(?, 0), ?, ?, ?)",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, version->number);
    kc_bind_text(query, version->origin);
    kc_bind_text(query, version->reason);
    kc_bind_int(query, version->equals);
    kc_bind_text(query, version->created_by);
    kc_bind_int(query, version->created_us);
    kc_bind_int(query, version->valid_from_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_rule_store_add_file(KcTx *tx, gint64 number, const char *name, const char *sha256, GBytes *bytes, GError **error)
{
    g_autoptr(KcQuery) text =
        kc_query_new(tx, "INSERT INTO rule_texts (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", error);
    if (text == NULL)
        return FALSE;
    kc_bind_text(text, sha256);
    kc_bind_bytes(text, bytes);
    if (!kc_query_run(text, NULL, error))
        return FALSE;
    g_autoptr(KcQuery) file =
        kc_query_new(tx, "INSERT INTO rule_version_files (number, name, sha256) VALUES (?, ?, ?)", error);
    if (file == NULL)
        return FALSE;
    kc_bind_int(file, number);
    kc_bind_text(file, name);
    kc_bind_text(file, sha256);
    return kc_query_run(file, NULL, error);
}

gboolean
kc_rule_store_get(KcTx *tx, gint64 number, KcRuleVersion **ret_version, GError **error)
{
    *ret_version = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE v.number = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, number);
    return kc_query_one(tx, query, read_version, (gpointer *)ret_version, error);
}

gboolean
kc_rule_store_newest(KcTx *tx, const char *origin, KcRuleVersion **ret_version, GError **error)
{
    *ret_version = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            SELECT "WHERE v.withdrawn_us IS NULL AND (?1 IS NULL OR v.origin = ?1) "
                                                   "ORDER BY v.number DESC LIMIT 1",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, origin);
    return kc_query_one(tx, query, read_version, (gpointer *)ret_version, error);
}

GPtrArray *
kc_rule_store_list(KcTx *tx, gint64 below, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, SELECT "WHERE ?1 = 0 OR v.number < ?1 ORDER BY v.number DESC LIMIT ?2", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, below);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_version, (GDestroyNotify)kc_rule_version_free, error);
}

GPtrArray *
kc_rule_store_needed(KcTx *tx, gint64 now_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        SELECT "WHERE v.number IN (SELECT rules_number FROM cases) OR (v.withdrawn_us IS NULL AND v.number >= "
               "(SELECT coalesce(max(number), 0) FROM rule_versions WHERE withdrawn_us IS NULL AND valid_from_us <= ?)) "
               "ORDER BY v.number",
        error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, now_us);
    return kc_query_all(tx, query, read_version, (GDestroyNotify)kc_rule_version_free, error);
}

static gpointer
read_file(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcRuleVersionFile *file = g_new0(KcRuleVersionFile, 1);
    file->name = kc_take_text(query);
    file->sha256 = kc_take_text(query);
    file->size = kc_take_int(query);
    file->since = kc_take_int(query);
    return file;
}

GPtrArray *
kc_rule_store_files(KcTx *tx, gint64 number, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT f.name, f.sha256, length(t.bytes), "
                     "(SELECT min(n.number) FROM rule_version_files n WHERE n.name = f.name AND n.number <= f.number AND "
                     "n.sha256 = f.sha256 AND NOT EXISTS (SELECT 1 FROM rule_version_files o WHERE o.name = f.name AND "
                     "o.number BETWEEN n.number AND f.number AND o.sha256 <> f.sha256)) "
                     "FROM rule_version_files f JOIN rule_texts t ON t.sha256 = f.sha256 WHERE f.number = ? "
                     "ORDER BY f.name",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, number);
    return kc_query_all(tx, query, read_file, (GDestroyNotify)kc_rule_version_file_free, error);
}

static gpointer
read_text(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    GBytes *bytes = kc_take_bytes(query);
    return bytes != NULL ? bytes : g_bytes_new(NULL, 0);
}

gboolean
kc_rule_store_text(KcTx *tx, gint64 number, const char *name, GBytes **ret_bytes, GError **error)
{
    *ret_bytes = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT t.bytes FROM rule_version_files f JOIN rule_texts t ON t.sha256 = "
                                            "f.sha256 WHERE f.number = ? AND f.name = ?",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, number);
    kc_bind_text(query, name);
    return kc_query_one(tx, query, read_text, (gpointer *)ret_bytes, error);
}

KcUpdate
kc_rule_store_withdraw(KcTx *tx, gint64 number, const char *user_id, gint64 now_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE rule_versions SET withdrawn_by = ?, withdrawn_us = ? "
                                            "WHERE number = ? AND withdrawn_us IS NULL",
                                            error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, user_id);
    kc_bind_int(query, now_us);
    kc_bind_int(query, number);
    return kc_query_update(query, error);
}

gboolean
kc_rule_store_stamp(KcTx *tx, gint64 *ret_stamp, GError **error)
{
    return number_of(tx, "SELECT count(*) + count(withdrawn_us) FROM rule_versions", ret_stamp, error);
}

gboolean
kc_rule_store_open_cases(KcTx *tx, gint64 *ret_count, GError **error)
{
    return number_of(tx, "SELECT count(*) FROM cases WHERE state NOT IN " OVER, ret_count, error);
}

GHashTable *
kc_rule_store_given(KcTx *tx, GError **error)
{
    g_autoptr(GHashTable) given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT name, sha256 FROM rules_given", error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        char *name = kc_take_text(query);
        g_hash_table_insert(given, name, kc_take_text(query));
    }
    return step == KC_STEP_DONE ? g_steal_pointer(&given) : NULL;
}

gboolean
kc_rule_store_give(KcTx *tx, const char *name, const char *sha256, gboolean first, GError **error)
{
    g_autoptr(KcQuery) forget = first ? kc_query_new(tx, "DELETE FROM rules_given", error) : NULL;
    if (first && (forget == NULL || !kc_query_run(forget, NULL, error)))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx, "INSERT INTO rules_given (name, sha256) VALUES (?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, name);
    kc_bind_text(query, sha256);
    return kc_query_run(query, NULL, error);
}
