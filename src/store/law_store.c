#include "src/store/law_store.h"
#include "src/store/sql.h"

#define SELECT "SELECT id, name, title, dated, sha256, articles, imported_us FROM law_texts "

void
kc_law_row_free(KcLawRow *law)
{
    if (law == NULL)
        return;
    g_free(law->id);
    g_free(law->name);
    g_free(law->title);
    g_free(law->dated);
    g_free(law->sha256);
    g_free(law);
}

static gpointer
read_law(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcLawRow *law = g_new0(KcLawRow, 1);
    law->id = kc_take_text(query);
    law->name = kc_take_text(query);
    law->title = kc_take_text(query);
    law->dated = kc_take_text(query);
    law->sha256 = kc_take_text(query);
    law->articles = kc_take_int(query);
    law->imported_us = kc_take_int(query);
    return law;
}

static gboolean
insert_passage(KcTx *tx, const char *law_id, const KcLawPassage *passage, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO law_passages (law_id, article, article_sub, paragraph, item, text) VALUES (?, ?, ?, ?, ?, ?)",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, law_id);
    kc_bind_int(query, passage->article);
    kc_bind_int(query, passage->article_sub);
    kc_bind_int(query, passage->paragraph);
    kc_bind_int(query, passage->item);
    kc_bind_text(query, passage->text);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_law_store_insert(KcTx *tx, const KcLawRow *law, const GPtrArray *passages, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO law_texts (id, name, title, dated, sha256, articles, "
                                            "imported_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, law->id);
    kc_bind_text(query, law->name);
    kc_bind_text(query, law->title);
    kc_bind_text(query, law->dated);
    kc_bind_text(query, law->sha256);
    kc_bind_int(query, law->articles);
    kc_bind_int(query, law->imported_us);
    gboolean done = kc_query_run(query, NULL, error);
    for (guint i = 0; i < passages->len && done; i++)
        done = insert_passage(tx, law->id, passages->pdata[i], error);
    return done;
}

gboolean
kc_law_store_find(KcTx *tx, const char *sha256, KcLawRow **ret_law, GError **error)
{
    *ret_law = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE sha256 = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, sha256);
    return kc_query_one(tx, query, read_law, (gpointer *)ret_law, error);
}

gboolean
kc_law_store_current(KcTx *tx, const char *name, const char *on_date, KcLawRow **ret_law, GError **error)
{
    *ret_law = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            SELECT "WHERE name = ? AND dated <= coalesce(?, '9999-12-31') "
                                                   "ORDER BY dated DESC, imported_us DESC, id DESC LIMIT 1",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, name);
    kc_bind_text(query, on_date);
    return kc_query_one(tx, query, read_law, (gpointer *)ret_law, error);
}

GPtrArray *
kc_law_store_list(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "ORDER BY name, dated DESC, imported_us DESC, id DESC", error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_law, (GDestroyNotify)kc_law_row_free, error);
}

static gpointer
read_passage(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcLawPassage *passage = g_new0(KcLawPassage, 1);
    passage->article = (guint)kc_take_int(query);
    passage->article_sub = (guint)kc_take_int(query);
    passage->paragraph = (guint)kc_take_int(query);
    passage->item = (guint)kc_take_int(query);
    passage->text = kc_take_text(query);
    return passage;
}

GPtrArray *
kc_law_store_passages(KcTx *tx, const char *law_id, guint article, guint article_sub, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT article, article_sub, paragraph, item, text FROM law_passages "
                                            "WHERE law_id = ? AND article = ? AND article_sub = ? "
                                            "ORDER BY paragraph, item",
                                            error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, law_id);
    kc_bind_int(query, article);
    kc_bind_int(query, article_sub);
    return kc_query_all(tx, query, read_passage, (GDestroyNotify)kc_law_passage_free, error);
}
