/* Invariant: at every moment the file of that name is one whole version, and durable before it is named. */
#include "src/evidence/key_safe.h"
#include "src/base/hex.h"
#include "src/evidence/key_file.h"
#include "src/evidence/seal.h"
#include "src/evidence/sodium_ready.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "kuaichu keys v1\n"
#define MAGIC_LEN 16
#define HEAD_LEN (MAGIC_LEN + KC_MASTER_ID_LEN)
#define FIXED_LEN (8 + 3 * KC_KEY_LEN + 4)
#define TREES_MAX 1024
#define FILE_MAX (1u << 30)

G_STATIC_ASSERT(sizeof MAGIC - 1 == MAGIC_LEN);

static gboolean
set_io_error(GError **error, const char *what, const char *path)
{
    int saved = errno;
    g_set_error(error, KC_KEYS_ERROR, saved == ENOENT ? KC_KEYS_ERROR_ABSENT : KC_KEYS_ERROR_IO, "%s %s: %s", what,
                path, g_strerror(saved));
    return FALSE;
}

static gboolean
set_damaged(GError **error, const char *path)
{
    g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_DAMAGED, "%s is damaged: put back its newest copy", path);
    return FALSE;
}

/* ---- In memory ---- */

static gpointer
copy_tree(gconstpointer tree, gpointer unused G_GNUC_UNUSED)
{
    return kc_key_tree_copy(tree);
}

KcKeySafe *
kc_key_safe_new(void)
{
    kc_sodium_ready();
    KcKeySafe *safe = g_new0(KcKeySafe, 1);
    safe->keys = sodium_malloc(sizeof *safe->keys);
    if (safe->keys == NULL)
        g_error("no locked memory for keys");
    memset(safe->keys, 0, sizeof *safe->keys);
    safe->trees = g_ptr_array_new_with_free_func((GDestroyNotify)kc_key_tree_free);
    return safe;
}

KcKeySafe *
kc_key_safe_copy(const KcKeySafe *safe)
{
    KcKeySafe *copy = kc_key_safe_new();
    *copy->keys = *safe->keys;
    g_ptr_array_unref(copy->trees);
    copy->trees = g_ptr_array_copy(safe->trees, copy_tree, NULL);
    g_ptr_array_set_free_func(copy->trees, (GDestroyNotify)kc_key_tree_free);
    return copy;
}

void
kc_key_safe_free(KcKeySafe *safe)
{
    if (safe == NULL)
        return;
    sodium_free(safe->keys);
    g_ptr_array_unref(safe->trees);
    g_free(safe);
}

void
kc_master_id(const guint8 master[KC_KEY_LEN], guint8 ret_id[KC_MASTER_ID_LEN])
{
    guint8 hash[KC_KEY_LEN];
    kc_key_derive(master, "kuaichu master key id v1", "", hash);
    memcpy(ret_id, hash, KC_MASTER_ID_LEN);
    sodium_memzero(hash, sizeof hash);
}

/* ---- As bytes ---- */

static gsize
plain_size(const KcKeySafe *safe)
{
    gsize size = FIXED_LEN;
    for (guint i = 0; i < safe->trees->len; i++)
        size += kc_key_tree_size(safe->trees->pdata[i]);
    return size;
}

static void
put_plain(const KcKeySafe *safe, guint8 *at)
{
    const guint64 destroyed = GUINT64_TO_BE(safe->keys->destroyed);
    const guint32 trees = GUINT32_TO_BE(safe->trees->len);
    memcpy(at, &destroyed, 8);
    memcpy(at + 8, safe->keys->sealing, KC_KEY_LEN);
    memcpy(at + 8 + KC_KEY_LEN, safe->keys->indexing, KC_KEY_LEN);
    memcpy(at + 8 + 2 * KC_KEY_LEN, safe->keys->salting, KC_KEY_LEN);
    memcpy(at + 8 + 3 * KC_KEY_LEN, &trees, 4);
    at += FIXED_LEN;
    for (guint i = 0; i < safe->trees->len; i++) {
        kc_key_tree_write(safe->trees->pdata[i], at);
        at += kc_key_tree_size(safe->trees->pdata[i]);
    }
}

static KcKeySafe *
take_plain(const guint8 *at, gsize len)
{
    guint64 destroyed;
    guint32 trees;
    if (len < FIXED_LEN)
        return NULL;
    g_autoptr(KcKeySafe) safe = kc_key_safe_new();
    memcpy(&destroyed, at, 8);
    memcpy(safe->keys->sealing, at + 8, KC_KEY_LEN);
    memcpy(safe->keys->indexing, at + 8 + KC_KEY_LEN, KC_KEY_LEN);
    memcpy(safe->keys->salting, at + 8 + 2 * KC_KEY_LEN, KC_KEY_LEN);
    memcpy(&trees, at + 8 + 3 * KC_KEY_LEN, 4);
    safe->keys->destroyed = GUINT64_FROM_BE(destroyed);
    at += FIXED_LEN;
    len -= FIXED_LEN;
    for (guint i = GUINT32_FROM_BE(trees); i > 0; i--) {
        gsize used = 0;
        KcKeyTree *tree = safe->trees->len < TREES_MAX ? kc_key_tree_read(at, len, &used) : NULL;
        if (tree == NULL)
            return NULL;
        g_ptr_array_add(safe->trees, tree);
        at += used;
        len -= used;
    }
    return len == 0 && safe->trees->len > 0 ? g_steal_pointer(&safe) : NULL;
}

/* ---- The file ---- */

int
kc_key_safe_lock(const char *path, gboolean exclusive, GError **error)
{
    g_autofree char *lock = g_strconcat(path, ".lock", NULL);
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        set_io_error(error, "cannot open", lock);
        return -1;
    }
    while (flock(fd, exclusive ? LOCK_EX : LOCK_SH) != 0) {
        if (errno == EINTR)
            continue;
        set_io_error(error, "cannot lock", lock);
        close(fd);
        return -1;
    }
    return fd;
}

static gboolean
read_all(int fd, guint8 *bytes, gsize len)
{
    for (gsize done = 0; done < len;) {
        gssize n = read(fd, bytes + done, len - done);
        if (n <= 0)
            return FALSE;
        done += (gsize)n;
    }
    return TRUE;
}

static gboolean
write_all(int fd, const guint8 *bytes, gsize len)
{
    for (gsize done = 0; done < len;) {
        gssize n = write(fd, bytes + done, len - done);
        if (n < 0)
            return FALSE;
        done += (gsize)n;
    }
    return TRUE;
}

static GBytes *
read_file(const char *path, GError **error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        set_io_error(error, "cannot open", path);
        return NULL;
    }
    gboolean fits = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= HEAD_LEN && st.st_size <= FILE_MAX;
    g_autofree guint8 *bytes = fits ? g_malloc((gsize)st.st_size) : NULL;
    gboolean whole = bytes != NULL && read_all(fd, bytes, (gsize)st.st_size) && memcmp(bytes, MAGIC, MAGIC_LEN) == 0;
    close(fd);
    if (!whole) {
        set_damaged(error, path);
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&bytes), (gsize)st.st_size);
}

gboolean
kc_key_safe_master(const char *path, guint8 ret_id[KC_MASTER_ID_LEN], GError **error)
{
    g_autoptr(GBytes) file = read_file(path, error);
    if (file == NULL)
        return FALSE;
    memcpy(ret_id, (const guint8 *)g_bytes_get_data(file, NULL) + MAGIC_LEN, KC_MASTER_ID_LEN);
    return TRUE;
}

static char *
place_of(const guint8 id[KC_MASTER_ID_LEN])
{
    g_autofree char *hex = kc_hex_encode(id, KC_MASTER_ID_LEN);
    return g_strconcat("keys/", hex, NULL);
}

static void
safe_key(const guint8 master[KC_KEY_LEN], guint8 ret_key[KC_KEY_LEN])
{
    kc_key_derive(master, "kuaichu key safe v1", "", ret_key);
}

KcKeySafe *
kc_key_safe_read(const char *path, const guint8 master[KC_KEY_LEN], GError **error)
{
    guint8 id[KC_MASTER_ID_LEN], key[KC_KEY_LEN];
    g_autoptr(GBytes) file = read_file(path, error);
    if (file == NULL)
        return NULL;
    kc_master_id(master, id);
    if (memcmp((const guint8 *)g_bytes_get_data(file, NULL) + MAGIC_LEN, id, sizeof id) != 0) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED, "%s is under another master key than the one given",
                    path);
        return NULL;
    }
    g_autofree char *place = place_of(id);
    g_autoptr(GBytes) sealed = g_bytes_new_from_bytes(file, HEAD_LEN, g_bytes_get_size(file) - HEAD_LEN);
    safe_key(master, key);
    g_autoptr(GBytes) plain = kc_seal_open(key, place, sealed, NULL);
    sodium_memzero(key, sizeof key);
    gsize len = 0;
    guint8 *bytes = plain != NULL ? (guint8 *)g_bytes_get_data(plain, &len) : NULL; /* ours alone: wiped below */
    KcKeySafe *safe = bytes != NULL ? take_plain(bytes, len) : NULL;
    if (bytes != NULL)
        sodium_memzero(bytes, len);
    if (safe == NULL)
        set_damaged(error, path);
    return safe;
}

static GBytes *
encode(const guint8 master[KC_KEY_LEN], const KcKeySafe *safe)
{
    guint8 id[KC_MASTER_ID_LEN], key[KC_KEY_LEN];
    gsize len = plain_size(safe);
    guint8 *plain = sodium_malloc(len);
    if (plain == NULL)
        g_error("no locked memory for keys");
    put_plain(safe, plain);
    kc_master_id(master, id);
    safe_key(master, key);
    g_autofree char *place = place_of(id);
    g_autoptr(GBytes) sealed = kc_seal(key, place, plain, len);
    sodium_memzero(key, sizeof key);
    sodium_free(plain);
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)MAGIC, MAGIC_LEN);
    g_byte_array_append(file, id, sizeof id);
    g_byte_array_append(file, g_bytes_get_data(sealed, NULL), (guint)g_bytes_get_size(sealed));
    return g_byte_array_free_to_bytes(file);
}

gboolean
kc_key_safe_write(const char *path, const guint8 master[KC_KEY_LEN], const KcKeySafe *safe, GError **error)
{
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autoptr(GBytes) file = encode(master, safe);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return set_io_error(error, "cannot make", part);
    gboolean written = write_all(fd, g_bytes_get_data(file, NULL), g_bytes_get_size(file)) && fsync(fd) == 0;
    if (!written)
        set_io_error(error, "cannot write", part);
    close(fd);
    if (written)
        return kc_key_file_replace(part, path, error);
    g_unlink(part);
    return FALSE;
}
