/* Replays a journal of operations. An inode is what it reads as, what was synced of it, and what was written since. */
#include "tests/fault/disk.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/fault/fault.h"

#define SECTOR 512

typedef struct {
    FaultOpKind kind;
    char *path, *to; /* relative to the folder; "" is the folder itself */
    gint64 offset;
    GBytes *data;
    gboolean done;
} Op;

typedef struct {
    gatomicrefcount refs;
    gboolean is_folder;
    GByteArray *now, *synced;
    GPtrArray *pending; /* of Op, borrowed */
} Inode;

struct Disk {
    char *folder;      /* with its end slash */
    GHashTable *first; /* path -> GBytes, or NULL for a folder: what was there before */
    GMutex lock;
    GPtrArray *ops;
    /* the replay */
    guint at;
    GHashTable *names, *synced_names; /* path -> Inode */
    GPtrArray *pending_names;         /* of NameOp */
};

typedef struct {
    const Op *op;
    Inode *inode; /* of the name that was made, or moved */
} NameOp;

static void
op_free(gpointer data)
{
    Op *op = data;
    g_free(op->path);
    g_free(op->to);
    g_clear_pointer(&op->data, g_bytes_unref);
    g_free(op);
}

static void
inode_unref(gpointer data)
{
    Inode *inode = data;
    if (!g_atomic_ref_count_dec(&inode->refs))
        return;
    g_byte_array_unref(inode->now);
    g_byte_array_unref(inode->synced);
    g_ptr_array_unref(inode->pending);
    g_free(inode);
}

static Inode *
inode_ref(Inode *inode)
{
    g_atomic_ref_count_inc(&inode->refs);
    return inode;
}

static Inode *
inode_new(gboolean is_folder)
{
    Inode *inode = g_new0(Inode, 1);
    g_atomic_ref_count_init(&inode->refs);
    inode->is_folder = is_folder;
    inode->now = g_byte_array_new();
    inode->synced = g_byte_array_new();
    inode->pending = g_ptr_array_new();
    return inode;
}

static void
name_op_free(gpointer data)
{
    NameOp *name = data;
    inode_unref(name->inode);
    g_free(name);
}

/* ---- keeping ---- */

/* NULL: not in the folder. SQLite's shared memory is none of the disk's. */
static char *
relative(const Disk *disk, const char *path)
{
    gsize len = strlen(disk->folder);
    if (path == NULL || g_str_has_suffix(path, "-shm"))
        return NULL;
    if (strncmp(path, disk->folder, len) == 0)
        return g_strdup(path + len);
    return strlen(path) == len - 1 && strncmp(path, disk->folder, len - 1) == 0 ? g_strdup("") : NULL;
}

static void
keep(const FaultOp *seen, gpointer data)
{
    Disk *disk = data;
    g_autofree char *path = relative(disk, seen->path);
    if (path == NULL)
        return;
    Op *op = g_new0(Op, 1);
    *op = (Op){seen->kind, g_steal_pointer(&path), relative(disk, seen->to), seen->offset, NULL, seen->done};
    if (seen->data != NULL)
        op->data = g_bytes_new(seen->data, seen->len);
    g_mutex_lock(&disk->lock);
    g_ptr_array_add(disk->ops, op);
    g_mutex_unlock(&disk->lock);
}

static void
rewind_disk(Disk *disk)
{
    g_clear_pointer(&disk->names, g_hash_table_unref);
    g_clear_pointer(&disk->synced_names, g_hash_table_unref);
    g_clear_pointer(&disk->pending_names, g_ptr_array_unref);
    disk->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, inode_unref);
    disk->synced_names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, inode_unref);
    disk->pending_names = g_ptr_array_new_with_free_func(name_op_free);
    disk->at = 0;
    GHashTableIter iter;
    gpointer path, bytes;
    g_hash_table_iter_init(&iter, disk->first);
    while (g_hash_table_iter_next(&iter, &path, &bytes)) {
        Inode *inode = inode_new(bytes == NULL);
        if (bytes != NULL) {
            g_byte_array_append(inode->now, g_bytes_get_data(bytes, NULL), (guint)g_bytes_get_size(bytes));
            g_byte_array_append(inode->synced, inode->now->data, inode->now->len);
        }
        g_hash_table_insert(disk->names, g_strdup(path), inode_ref(inode));
        g_hash_table_insert(disk->synced_names, g_strdup(path), inode);
    }
}

static void
bytes_free(gpointer bytes)
{
    if (bytes != NULL)
        g_bytes_unref(bytes);
}

static void
read_first(Disk *disk, const char *within)
{
    g_autofree char *folder = g_build_filename(disk->folder, within, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        char *path = within[0] != '\0' ? g_build_filename(within, name, NULL) : g_strdup(name);
        g_autofree char *full = g_build_filename(disk->folder, path, NULL);
        char *text = NULL;
        gsize len = 0;
        gboolean is_folder = g_file_test(full, G_FILE_TEST_IS_DIR);
        if (!is_folder)
            g_file_get_contents(full, &text, &len, NULL);
        g_hash_table_insert(disk->first, path, is_folder ? NULL : g_bytes_new_take(text, len));
        if (is_folder)
            read_first(disk, path);
    }
}

Disk *
disk_begin(const char *folder)
{
    Disk *disk = g_new0(Disk, 1);
    disk->folder = g_strconcat(folder, "/", NULL);
    g_mutex_init(&disk->lock);
    disk->ops = g_ptr_array_new_with_free_func(op_free);
    disk->first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, bytes_free);
    read_first(disk, "");
    rewind_disk(disk);
    fault_observe(keep, disk);
    return disk;
}

void
disk_end(Disk *disk)
{
    fault_observe(NULL, NULL);
}

void
disk_free(Disk *disk)
{
    if (disk == NULL)
        return;
    g_hash_table_unref(disk->names);
    g_hash_table_unref(disk->synced_names);
    g_ptr_array_unref(disk->pending_names);
    g_ptr_array_unref(disk->ops);
    g_hash_table_unref(disk->first);
    g_mutex_clear(&disk->lock);
    g_free(disk->folder);
    g_free(disk);
}

guint
disk_points(Disk *disk)
{
    g_mutex_lock(&disk->lock);
    guint points = disk->ops->len;
    g_mutex_unlock(&disk->lock);
    return points;
}

char *
disk_describe(Disk *disk, guint point)
{
    static const char *const kinds[] = {"create", "mkdir", "write", "truncate", "sync", "rename", "unlink", "link"};
    if (point == 0)
        return g_strdup("nothing");
    const Op *op = disk->ops->pdata[point - 1];
    return g_strdup_printf("%s %s %" G_GINT64_FORMAT "+%" G_GSIZE_FORMAT, kinds[op->kind], op->path, op->offset,
                           op->data != NULL ? g_bytes_get_size(op->data) : 0);
}

/* ---- replaying ---- */

static void
put(GByteArray *bytes, gint64 offset, const guint8 *data, gsize len)
{
    guint before = bytes->len;
    if (offset + (gint64)len > before) {
        g_byte_array_set_size(bytes, (guint)(offset + (gint64)len));
        memset(bytes->data + before, 0, bytes->len - before);
    }
    memcpy(bytes->data + offset, data, len);
}

static void
cut(GByteArray *bytes, gint64 size)
{
    guint before = bytes->len;
    g_byte_array_set_size(bytes, (guint)size);
    if (size > before)
        memset(bytes->data + before, 0, (gsize)size - before);
}

static void
apply(GByteArray *bytes, const Op *op)
{
    gsize len = 0;
    const guint8 *data = op->data != NULL ? g_bytes_get_data(op->data, &len) : NULL;
    if (op->kind == OP_WRITE)
        put(bytes, op->offset, data, len);
    else
        cut(bytes, op->offset);
}

static void
apply_name(GHashTable *names, const NameOp *name)
{
    const Op *op = name->op;
    if (op->kind == OP_CREATE || op->kind == OP_MKDIR) {
        g_hash_table_insert(names, g_strdup(op->path), inode_ref(name->inode));
        return;
    }
    if (op->kind != OP_LINK)
        g_hash_table_remove(names, op->path);
    if ((op->kind == OP_RENAME || op->kind == OP_LINK) && op->to != NULL)
        g_hash_table_insert(names, g_strdup(op->to), inode_ref(name->inode));
}

static void
change_name(Disk *disk, const Op *op)
{
    Inode *known = g_hash_table_lookup(disk->names, op->path);
    Inode *inode = op->kind == OP_CREATE || op->kind == OP_MKDIR ? inode_new(op->kind == OP_MKDIR)
                   : known != NULL                               ? inode_ref(known)
                                                                 : NULL;
    if (inode == NULL)
        return;
    NameOp name = {op, inode};
    apply_name(disk->names, &name);
    g_ptr_array_add(disk->pending_names, g_memdup2(&name, sizeof name));
}

static gboolean
is_in(const char *path, const char *folder)
{
    g_autofree char *parent = g_path_get_dirname(path);
    return strcmp(strcmp(parent, ".") == 0 ? "" : parent, folder) == 0;
}

static void
sync_folder(Disk *disk, const char *folder)
{
    for (guint i = 0; i < disk->pending_names->len;) {
        const NameOp *name = disk->pending_names->pdata[i];
        if (!is_in(name->op->path, folder)) {
            i++;
            continue;
        }
        apply_name(disk->synced_names, name);
        g_ptr_array_remove_index(disk->pending_names, i);
    }
}

static void
sync_path(Disk *disk, const Op *op)
{
    Inode *inode = g_hash_table_lookup(disk->names, op->path);
    if (op->path[0] == '\0' || (inode != NULL && inode->is_folder)) {
        if (op->done)
            sync_folder(disk, op->path);
        return;
    }
    for (guint i = 0; inode != NULL && op->done && i < inode->pending->len; i++)
        apply(inode->synced, inode->pending->pdata[i]);
    if (inode != NULL)
        g_ptr_array_set_size(inode->pending, 0); /* after a failure as well: nobody writes it any more */
}

static void
replay_one(Disk *disk, const Op *op)
{
    Inode *inode = g_hash_table_lookup(disk->names, op->path);
    if (op->kind == OP_SYNC) {
        sync_path(disk, op);
    } else if (op->kind != OP_WRITE && op->kind != OP_TRUNCATE) {
        change_name(disk, op);
    } else if (inode != NULL) {
        apply(inode->now, op);
        g_ptr_array_add(inode->pending, (gpointer)op);
    }
}

/* ---- building ---- */

static void
apply_some(GByteArray *bytes, const Op *op, GRand *rand)
{
    gsize len = 0;
    const guint8 *data = op->data != NULL ? g_bytes_get_data(op->data, &len) : NULL;
    gint how = g_rand_int_range(rand, 0, 3); /* not at all, whole, torn */
    if (how == 0)
        return;
    if (how == 1 || op->kind != OP_WRITE) {
        apply(bytes, op);
        return;
    }
    for (gsize at = 0; at < len;) {
        gsize part = MIN(SECTOR - (gsize)(op->offset + (gint64)at) % SECTOR, len - at);
        if (g_rand_boolean(rand))
            put(bytes, op->offset + (gint64)at, data + at, part);
        at += part;
    }
}

static void
write_inode(const Inode *inode, guint variant, GRand *rand, const char *path)
{
    g_autoptr(GByteArray) some = NULL;
    const GByteArray *bytes = variant == DISK_ALL ? inode->now : inode->synced;
    if (variant >= DISK_TORN) {
        some = g_byte_array_new();
        g_byte_array_append(some, inode->synced->data, inode->synced->len);
        for (guint i = 0; i < inode->pending->len; i++)
            apply_some(some, inode->pending->pdata[i], rand);
        bytes = some;
    }
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents_full(path, bytes->len > 0 ? (const char *)bytes->data : "", bytes->len,
                                  G_FILE_SET_CONTENTS_NONE, 0600, &error))
        g_error("%s", error->message);
}

static GHashTable *
names_of(const Disk *disk, guint variant, GRand *rand)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, inode_unref);
    GHashTableIter iter;
    gpointer path, inode;
    g_hash_table_iter_init(&iter, variant == DISK_ALL ? disk->names : disk->synced_names);
    while (g_hash_table_iter_next(&iter, &path, &inode))
        g_hash_table_insert(names, g_strdup(path), inode_ref(inode));
    guint some = variant >= DISK_TORN ? (guint)g_rand_int_range(rand, 0, (gint)disk->pending_names->len + 1) : 0;
    for (guint i = 0; i < some; i++)
        apply_name(names, disk->pending_names->pdata[i]);
    return names;
}

/* Folders before what is in them; what stands in a folder that is lost is lost with it. */
static void
write_names(GHashTable *names, guint variant, GRand *rand, const char *target)
{
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)strcmp);
    for (GList *item = paths; item != NULL; item = item->next) {
        const Inode *inode = g_hash_table_lookup(names, item->data);
        g_autofree char *path = g_build_filename(target, item->data, NULL), *parent = g_path_get_dirname(path);
        if (!g_file_test(parent, G_FILE_TEST_IS_DIR))
            continue;
        if (inode->is_folder)
            g_mkdir(path, 0700);
        else
            write_inode(inode, variant, rand, path);
    }
}

void
disk_build(Disk *disk, guint point, guint variant, const char *target)
{
    g_assert(point <= disk->ops->len);
    if (point < disk->at)
        rewind_disk(disk);
    while (disk->at < point)
        replay_one(disk, disk->ops->pdata[disk->at++]);
    g_autoptr(GRand) rand = g_rand_new_with_seed(point * 31 + variant);
    g_autoptr(GHashTable) names = names_of(disk, variant, rand);
    write_names(names, variant, rand, target);
}
