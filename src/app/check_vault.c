/* Two passes: each row's file, then each file's row. Rows are read in pages, each a snapshot of its own, so that a running
 * service is not held up; what seems to be gone is looked up once more, as the service may have finished or deleted it
 * meanwhile. */
#include "src/app/check_vault.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/base/hex.h"
#include "src/base/id.h"
#include "src/evidence/vault.h"
#include "src/store/file_list.h"
#include "src/store/object_store.h"

#define PAGE 500

void
kc_checked_file_free(KcCheckedFile *file)
{
    if (file == NULL)
        return;
    kc_key_wipe(file->key, sizeof file->key);
    g_free(file->id);
    g_free(file->case_id);
    g_free(file->kind);
    g_free(file->path);
    g_free(file->status);
    g_free(file->sha256);
    g_free(file);
}

typedef struct {
    const KcCheckedFile *file;
    char *path;
    KcDamageFn found;
    gpointer user_data;
    KcCheckTotals *totals;
} One;

/* Always FALSE. The vault's messages name a chunk as "chunk N …". */
static gboolean
report(One *self, const char *format, ...)
{
    unsigned chunk = 0;
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    const KcCheckedFile *file = self->file;
    g_autofree char *text =
        g_strdup_printf("the file of %s %s %s", file->kind != NULL ? file->kind : "object", file->id, what);
    const char *named = strstr(what, "chunk ");
    const KcDamage finding = {.kind = "vault",
                               .table = "objects",
                               .row = file->id,
                               .case_id = file->case_id,
                               .file = file->path,
                               .chunk = named != NULL && sscanf(named, "chunk %u", &chunk) == 1 ? (gint64)chunk : -1,
                               .text = text};
    self->found(&finding, self->user_data);
    return FALSE;
}

/* -1 after a report. A file of more than one name, or none of its own (a link), is not what the service wrote. */
static int
open_file(One *self)
{
    int fd = open(self->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        report(self, errno == ENOENT ? "is missing" : "can't be opened: %s", g_strerror(errno));
    return fd;
}

/* ---- Finished ---- */

static gboolean
compare_row(One *self, const KcVaultReader *reader)
{
    g_autofree char *sha256 = kc_hex_encode(kc_vault_reader_sha256(reader), KC_VAULT_SHA256_LEN);
    if (g_strcmp0(sha256, self->file->sha256) != 0)
        return report(self, "holds something else than its row says: its SHA-256 is %s", sha256);
    if ((gint64)kc_vault_reader_size(reader) != self->file->size_bytes)
        return report(self, "has %" G_GUINT64_FORMAT " bytes, and its row says %" G_GINT64_FORMAT,
                      kc_vault_reader_size(reader), self->file->size_bytes);
    return TRUE;
}

static gboolean
check_tags(One *self)
{
    guint8 tags[KC_VAULT_SHA256_LEN];
    g_autoptr(GError) local = NULL;
    if (self->file->logged_chunks == 0)
        return TRUE;
    int fd = open_file(self);
    if (fd < 0)
        return FALSE;
    if (!kc_vault_hash_tags(fd, self->file->logged_chunks, tags, &local))
        return report(self, "has lost what entry %" G_GINT64_FORMAT " of the log knows: %s", self->file->logged_seq,
                      local->message);
    if (memcmp(tags, self->file->logged_tags, sizeof tags) == 0)
        return TRUE;
    return report(self, "has other first %u chunks than entry %" G_GINT64_FORMAT " of the log knows",
                  self->file->logged_chunks, self->file->logged_seq);
}

static gboolean
check_finished(One *self)
{
    g_autoptr(GError) local = NULL;
    int fd = open_file(self);
    if (fd < 0)
        return FALSE;
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fd, self->file->key, self->file->id, &local);
    if (reader == NULL && g_error_matches(local, KC_VAULT_ERROR, KC_VAULT_ERROR_INTERRUPTED))
        return report(self, "was cut short: %s", local->message);
    if (reader == NULL || !kc_vault_reader_verify(reader, &local))
        return report(self, "is not what was written: %s", local->message);
    if (!compare_row(self, reader) || !check_tags(self))
        return FALSE;
    self->totals->files++;
    self->totals->bytes += (gint64)kc_vault_reader_size(reader);
    return TRUE;
}

/* ---- Unfinished ---- */

/* A recording that is being made, or was left by a process that died, is no damage; one that lost chunks is. */
static gboolean
check_unfinished(One *self)
{
    KcVaultInspection inspection;
    g_autoptr(GError) local = NULL;
    gboolean begun = g_file_test(self->path, G_FILE_TEST_EXISTS);
    if (!begun)
        return self->file->chunks == 0 && self->file->logged_chunks == 0 ? TRUE : report(self, "is missing");
    int fd = open_file(self);
    if (fd < 0)
        return FALSE;
    if (!kc_vault_inspect(fd, self->file->key, self->file->id, self->file->chunks, &inspection, &local))
        return report(self, "is not what was written: %s", local->message);
    self->totals->unfinished++;
    return check_tags(self);
}

/* ---- Erased ---- */

static gboolean
check_erased(One *self)
{
    return !g_file_test(self->path, G_FILE_TEST_EXISTS) || self->file->removing || report(self, "is there, though it was erased");
}

gboolean
kc_check_vault_file(const char *vault_dir, const KcCheckedFile *file, KcDamageFn found, gpointer user_data,
                    KcCheckTotals *totals)
{
    g_autofree char *path = g_build_filename(vault_dir, file->path, NULL); /* the folder, without one */
    One self = {file, path, found, user_data, totals};
    if (file->case_id == NULL || file->kind == NULL || file->path == NULL || file->status == NULL)
        return report(&self, "is of a row that lacks what every row has");
    if (!kc_id_is_valid(file->id))
        return report(&self, "is of a row whose id can't be one");
    if (file->erased)
        return check_erased(&self);
    if (!file->has_key)
        return report(&self, "can't be read: the key of its case does not open");
    if (strcmp(file->status, "live") == 0)
        return strcmp(file->kind, "recording") != 0 || check_unfinished(&self);
    if (strcmp(file->status, "failed") != 0)
        return check_finished(&self);
    /* Given up: what is there may be nothing, or torn, but not changed. */
    return !g_file_test(path, G_FILE_TEST_EXISTS) || check_unfinished(&self);
}

/* ---- All rows ---- */

typedef struct {
    KcStore *store;
    const char *vault_dir;
    const KcCheckOptions *options;
    KcCheckTotals *totals;
    KcFileList *list;
    char *after; /* id */
    GPtrArray *page;
    gint64 done;
} All;

static KcCheckedFile *
make_file(KcTx *tx, const All *self, const KcFileRow *row)
{
    KcCheckedFile *file = g_new0(KcCheckedFile, 1);
    file->id = g_strdup(row->id);
    file->case_id = g_strdup(row->case_id);
    file->kind = g_strdup(row->kind);
    file->path = g_strdup(row->path);
    file->status = g_strdup(row->status);
    file->sha256 = g_strdup(row->sha256);
    file->size_bytes = row->size_bytes;
    file->chunks = row->chunks;
    const KcLoggedTags *logged = kc_file_list_logged(self->list, row->id);
    if (logged != NULL) {
        file->logged_chunks = logged->chunks;
        file->logged_seq = logged->seq;
        memcpy(file->logged_tags, logged->sha256, sizeof file->logged_tags);
    }
    file->erased = row->erased;
    file->removing = row->removing;
    file->has_key = kc_object_store_key(tx, row->case_id, row->id, file->key, NULL);
    return file;
}

static gboolean
read_page(KcTx *tx, gpointer data, GError **error)
{
    All *self = data;
    if (self->list == NULL)
        self->list = kc_file_list_new(tx, error);
    g_autoptr(GPtrArray) rows = self->list != NULL ? kc_file_list_page(tx, self->after, PAGE, error) : NULL;
    if (rows == NULL)
        return FALSE;
    self->page = g_ptr_array_new_with_free_func((GDestroyNotify)kc_checked_file_free);
    for (guint i = 0; i < rows->len; i++)
        g_ptr_array_add(self->page, make_file(tx, self, rows->pdata[i]));
    return TRUE;
}

static gboolean
check_rows(All *self, GError **error)
{
    guint read;
    do {
        if (!kc_store_read(self->store, read_page, self, error))
            return FALSE;
        g_autoptr(GPtrArray) page = g_steal_pointer(&self->page);
        read = page->len;
        for (guint i = 0; i < read; i++) {
            const KcCheckedFile *file = page->pdata[i];
            kc_check_vault_file(self->vault_dir, file, self->options->found, self->options->user_data, self->totals);
            if (self->options->progress != NULL)
                self->options->progress("files", ++self->done, self->list->files, self->options->user_data);
        }
        g_free(self->after);
        self->after = read > 0 ? g_strdup(((const KcCheckedFile *)page->pdata[read - 1])->id) : NULL;
    } while (read == PAGE);
    return TRUE;
}

/* ---- All files ---- */

typedef struct {
    const char *path;
    gboolean known;
} Known;

static gboolean
look_up(KcTx *tx, gpointer data, GError **error)
{
    Known *known = data;
    return kc_file_list_knows(tx, known->path, &known->known, error);
}

static gboolean
check_name(All *self, const char *path, GError **error)
{
    Known known = {path, FALSE};
    if (!kc_store_read(self->store, look_up, &known, error))
        return FALSE;
    if (known.known)
        return TRUE;
    g_autofree char *text = g_strdup_printf("the file %s belongs to no row: it was put there, or its row was deleted", path);
    self->options->found(&(KcDamage){.kind = "vault", .file = path, .chunk = -1, .text = text}, self->options->user_data);
    return TRUE;
}

static gboolean
check_folder(All *self, const char *name, GError **error)
{
    g_autofree char *folder = g_build_filename(self->vault_dir, name, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *entry;
    if (dir == NULL) /* a file where only folders are */
        return check_name(self, name, error);
    while ((entry = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(name, entry, NULL);
        if (!check_name(self, path, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_names(All *self, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(self->vault_dir, 0, error);
    const char *name;
    if (dir == NULL)
        return FALSE;
    while ((name = g_dir_read_name(dir)) != NULL)
        if (!check_folder(self, name, error))
            return FALSE;
    return TRUE;
}

gboolean
kc_check_vault(KcStore *store, const char *vault_dir, const KcCheckOptions *options, KcCheckTotals *totals, GError **error)
{
    All self = {.store = store, .vault_dir = vault_dir, .options = options, .totals = totals};
    gboolean ok = check_rows(&self, error) && check_names(&self, error);
    kc_file_list_free(self.list);
    g_free(self.after);
    return ok;
}
