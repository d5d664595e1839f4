/* Reads every file before the first is kept. */
#include "src/app/internal.h"
#include "src/app/laws.h"
#include "src/evidence/digest.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const KcLawFile *files;
    GPtrArray *texts; /* of KcLawText, one for each file */
    GPtrArray *imported;
    gint64 now_us;
    KcResult *result;
} Import;

void
kc_imported_law_free(KcImportedLaw *imported)
{
    if (imported == NULL)
        return;
    kc_law_row_free(imported->law);
    g_free(imported);
}

static KcLawText *
read_file(const KcLawFile *file, KcResult *result)
{
    g_autoptr(GError) problem = NULL;
    gsize size = 0;
    const char *text = g_bytes_get_data(file->text, &size);
    if (size > KC_LIMIT_LAW_BYTES) {
        kc_refuse_field(result, file->name, "larger than 4 MB");
        return NULL;
    }
    KcLawText *law = kc_law_text_parse(text != NULL ? text : "", size, &problem);
    if (law == NULL)
        kc_refuse_field(result, file->name, problem->message);
    return law;
}

static KcLawRow *
row_of(const Import *self, const KcLawText *text, const char *sha256)
{
    KcLawRow *row = g_new0(KcLawRow, 1);
    row->id = g_strdup(kc_app_new_id(self->app).text);
    row->name = g_strdup(text->name);
    row->title = g_strdup(text->title);
    row->dated = g_strdup(text->dated);
    row->sha256 = g_strdup(sha256);
    row->articles = text->articles;
    row->imported_us = self->now_us;
    return row;
}

static gboolean
keep(Import *self, KcTx *tx, const KcLawText *text, const KcLawRow *row, GError **error)
{
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:I}", "law_id", row->id, "name", row->name, "dated", row->dated,
                              "sha256", row->sha256, "articles", (json_int_t)row->articles);
    return kc_law_store_insert(tx, row, text->passages, error) &&
           kc_app_log(tx, self->who, NULL, "law.imported", self->now_us, entry, error);
}

static gboolean
import_one(Import *self, KcTx *tx, const KcLawFile *file, const KcLawText *text, GError **error)
{
    gsize size;
    const char *bytes = g_bytes_get_data(file->text, &size);
    g_autofree char *sha256 = kc_sha256_hex(bytes, size);
    g_autoptr(KcImportedLaw) one = g_new0(KcImportedLaw, 1);

    if (!kc_law_store_find(tx, sha256, &one->law, error))
        return FALSE;
    if (one->law == NULL) {
        one->added = TRUE;
        one->law = row_of(self, text, sha256);
        if (!keep(self, tx, text, one->law, error))
            return FALSE;
    }
    g_ptr_array_add(self->imported, g_steal_pointer(&one));
    return TRUE;
}

static gboolean
import(KcTx *tx, gpointer data, GError **error)
{
    Import *self = data;
    g_ptr_array_set_size(self->imported, 0);
    for (guint i = 0; i < self->texts->len; i++)
        if (!import_one(self, tx, &self->files[i], self->texts->pdata[i], error))
            return FALSE;
    return TRUE;
}

gboolean
kc_app_import_laws(KcApp *app, const KcPrincipal *who, const KcLawFile *files, gsize count, GPtrArray **ret_imported,
                   KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func((GDestroyNotify)kc_law_text_free);
    g_autoptr(GPtrArray) imported = g_ptr_array_new_with_free_func((GDestroyNotify)kc_imported_law_free);

    if (who != NULL && !kc_app_check_role(who, KC_ACTION_IMPORT_LAW, result))
        return FALSE;
    for (gsize i = 0; i < count; i++) {
        KcLawText *text = read_file(&files[i], result);
        if (text != NULL)
            g_ptr_array_add(texts, text);
    }
    if (texts->len < count)
        return FALSE;
    Import self = {app, who, files, texts, imported, kc_app_now(app), result};
    if (!kc_app_write(app, import, &self, result, error))
        return FALSE;
    *ret_imported = g_steal_pointer(&imported);
    return TRUE;
}
