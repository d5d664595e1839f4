#include "src/app/bundle_files.h"

#include "src/base/hex.h"
#include "src/evidence/digest.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES (256 * 1024)
#define MAX_TEXT_BYTES (256 * 1024 * 1024)

/* What reads a file's bytes: how many, 0 at its end, -1 with `*ret_problem`. */
typedef gssize (*ReadFn)(gpointer data, guint8 *buffer, gsize len, char **ret_problem);
/* What is done with each file. FALSE ends it. */
typedef gboolean (*VisitFn)(gpointer data, const char *name, ReadFn read, gpointer source, GError **error);

static void
file_free(gpointer data)
{
    KcBundleFile *file = data;
    g_free(file->name);
    g_free(file->sha256);
    g_clear_pointer(&file->text, g_bytes_unref);
    g_free(file->sealed_sha256);
    g_free(file->problem);
    g_free(file);
}

static gboolean
fail(GError **error, const char *path, const char *why)
{
    g_set_error(error, KC_BUNDLE_ERROR, KC_BUNDLE_ERROR_UNREADABLE, "%s: %s", path, why);
    return FALSE;
}

/* ---- A ZIP ---- */

static gssize
read_entry(gpointer data, guint8 *buffer, gsize len, char **ret_problem)
{
    la_ssize_t got = archive_read_data(data, buffer, len);
    if (got < 0)
        *ret_problem = g_strdup(archive_error_string(data));
    return (gssize)got;
}

static gboolean
visit_entries(struct archive *archive, const char *path, VisitFn visit, gpointer data, GError **error)
{
    struct archive_entry *entry;
    int result;
    while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || result == ARCHIVE_WARN) {
        const char *name = archive_entry_pathname(entry);
        if (name == NULL || !g_utf8_validate(name, -1, NULL))
            return fail(error, path, "a name in it is no UTF-8");
        if (archive_entry_filetype(entry) == AE_IFDIR)
            continue;
        if (!visit(data, name, read_entry, archive, error))
            return FALSE;
    }
    return result == ARCHIVE_EOF || fail(error, path, archive_error_string(archive));
}

static gboolean
visit_zip(const char *path, VisitFn visit, gpointer data, GError **error)
{
    struct archive *archive = archive_read_new();
    archive_read_support_format_zip_seekable(archive);
    gboolean done = archive_read_open_filename(archive, path, BLOCK_BYTES) == ARCHIVE_OK
                        ? visit_entries(archive, path, visit, data, error)
                        : fail(error, path, archive_error_string(archive));
    archive_read_free(archive);
    return done;
}

/* ---- A folder ---- */

static gssize
read_fd(gpointer data, guint8 *buffer, gsize len, char **ret_problem)
{
    gssize got = read(*(int *)data, buffer, len);
    if (got < 0)
        *ret_problem = g_strdup(g_strerror(errno));
    return got;
}

static gboolean
visit_file(const char *path, const char *name, VisitFn visit, gpointer data, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(error, path, g_strerror(errno));
    gboolean done = visit(data, name, read_fd, &fd, error);
    close(fd);
    return done;
}

static gboolean
visit_folder(const char *path, const char *prefix, VisitFn visit, gpointer data, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, error);
    const char *base;
    if (dir == NULL)
        return FALSE;
    while ((base = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, base, NULL);
        g_autofree char *name = g_strconcat(prefix, base, NULL), *below = g_strconcat(name, "/", NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR) ? !visit_folder(inner, below, visit, data, error)
                                                   : !visit_file(inner, name, visit, data, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
visit_all(const char *path, VisitFn visit, gpointer data, GError **error)
{
    return g_file_test(path, G_FILE_TEST_IS_DIR) ? visit_folder(path, "", visit, data, error)
                                                 : visit_zip(path, visit, data, error);
}

/* ---- First: which there are ---- */

static gboolean
is_looked_into(const char *name)
{
    return strchr(name, '/') == NULL || g_str_has_suffix(name, ".txt");
}

static gboolean
take_text(KcBundleFile *file, ReadFn read, gpointer source, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree guint8 *block = g_malloc(BLOCK_BYTES);
    gssize got;
    while ((got = read(source, block, BLOCK_BYTES, &file->problem)) > 0) {
        if (bytes->len + (gsize)got > MAX_TEXT_BYTES)
            return fail(error, file->name, "it is too large for what it should be");
        g_byte_array_append(bytes, block, (guint)got);
    }
    file->text = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    return TRUE;
}

static gboolean
enter(gpointer data, const char *name, ReadFn read, gpointer source, GError **error)
{
    GHashTable *files = data;
    KcBundleFile *file = g_hash_table_lookup(files, name);
    if (file != NULL) {
        g_free(file->problem);
        file->problem = g_strdup("two files have this name");
        return TRUE;
    }
    file = g_new0(KcBundleFile, 1);
    file->name = g_strdup(name);
    g_hash_table_insert(files, file->name, file);
    return !is_looked_into(name) || take_text(file, read, source, error);
}

GHashTable *
kc_bundle_files_open(const char *path, GError **error)
{
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
    return visit_all(path, enter, files, error) ? g_steal_pointer(&files) : NULL;
}

/* ---- Then: what is in them ---- */

typedef struct {
    GHashTable *files, *heads;
} Hashing;

static char *
peek_hex(const KcSha256 *hash)
{
    guint8 bytes[KC_SHA256_LEN];
    kc_sha256_peek(hash, bytes);
    return kc_hex_encode(bytes, sizeof bytes);
}

static void
hash_file(KcBundleFile *file, const KcBundleHead *head, ReadFn read, gpointer source)
{
    g_autoptr(KcSha256) plain = kc_sha256_new(), sealed = kc_sha256_new();
    g_autofree guint8 *block = g_malloc(BLOCK_BYTES);
    char *problem = NULL;
    gsize head_len = 0;
    gssize got;
    if (head != NULL) {
        const void *bytes = g_bytes_get_data(head->head, &head_len);
        kc_sha256_update(sealed, bytes, head_len);
    }
    while ((got = read(source, block, BLOCK_BYTES, &problem)) > 0) {
        kc_sha256_update(plain, block, (gsize)got);
        gint64 skip = head != NULL ? CLAMP(head->replaces_bytes - file->bytes, 0, got) : 0;
        kc_sha256_update(sealed, block + skip, (gsize)(got - skip));
        file->bytes += got;
    }
    file->sha256 = peek_hex(plain);
    if (head != NULL)
        file->sealed_sha256 = peek_hex(sealed);
    if (file->problem == NULL)
        file->problem = g_steal_pointer(&problem);
    g_free(problem);
}

static gboolean
take_hash(gpointer data, const char *name, ReadFn read, gpointer source, GError **error G_GNUC_UNUSED)
{
    const Hashing *self = data;
    KcBundleFile *file = g_hash_table_lookup(self->files, name);
    if (file != NULL && file->sha256 == NULL)
        hash_file(file, g_hash_table_lookup(self->heads, name), read, source);
    return TRUE;
}

gboolean
kc_bundle_files_hash(const char *path, GHashTable *files, GHashTable *heads, GError **error)
{
    Hashing self = {files, heads};
    return visit_all(path, take_hash, &self, error);
}
