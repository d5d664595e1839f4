/* A vault file under every fault of the disk, with the power going off afterwards: every chunk whose sync was
 * acknowledged is there, the file is finished or can be brought to its end, and nothing that reads is garbage. */
#include "tests/fault/disk.h"
#include "tests/fault/fault.h"
#include "tests/support/kc_test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "src/evidence/vault.h"

#define ID "01935cd1-7f00-7000-8000-0000000000e1"
#define CHUNKS 6
#define CHUNK_BYTES 1500

static const guint8 key[KC_KEY_LEN] = {7};

static void
chunk_of(guint number, guint8 data[CHUNK_BYTES])
{
    for (guint i = 0; i < CHUNK_BYTES; i++)
        data[i] = (guint8)(number * 37 + i * 11);
}

/* ---- writing ---- */

typedef struct {
    gboolean created;
    guint synced; /* chunks */
    gboolean finished;
    gboolean failed; /* something was not acknowledged */
} Acked;

/* As the recorder does: nothing more is written after a failure. */
static void
write_object(const char *path, Acked *acked)
{
    guint8 hash[KC_VAULT_SHA256_LEN], data[CHUNK_BYTES];
    acked->failed = TRUE;
    int fd = kc_vault_create(path, NULL);
    acked->created = fd >= 0;
    g_autoptr(KcVaultWriter) writer = fd >= 0 ? kc_vault_writer_new(fd, key, ID, NULL) : NULL;
    for (guint i = 0; writer != NULL && i < CHUNKS; i++) {
        chunk_of(i, data);
        if (!kc_vault_writer_append(writer, data, sizeof data, NULL))
            return;
        if (i % 2 == 1 && !kc_vault_writer_sync(writer, NULL))
            return;
        acked->synced = i % 2 == 1 ? i + 1 : acked->synced;
    }
    acked->finished = writer != NULL && kc_vault_writer_finish(writer, NULL, hash, NULL);
    acked->failed = !acked->finished;
}

/* ---- after the power went ---- */

static void
read_whole(const char *path, guint at_least, const char *when)
{
    g_autoptr(GError) error = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fd, key, ID, &error);
    ck_assert_msg(reader != NULL, "%s: %s", when, error != NULL ? error->message : "");
    guint chunks = kc_vault_reader_chunk_count(reader);
    ck_assert_msg(chunks >= at_least, "%s: %u chunks of %u", when, chunks, at_least);
    for (guint i = 0; i < chunks; i++) {
        guint8 wanted[CHUNK_BYTES], found[CHUNK_BYTES];
        chunk_of(i, wanted);
        ck_assert_msg(kc_vault_reader_read_at(reader, (guint64)i * CHUNK_BYTES, found, sizeof found, &error), "%s: %s",
                      when, error != NULL ? error->message : "");
        ck_assert_msg(memcmp(wanted, found, sizeof found) == 0, "%s: chunk %u is another", when, i);
    }
    ck_assert_msg(kc_vault_reader_verify(reader, &error), "%s: %s", when, error != NULL ? error->message : "");
}

/* TRUE when the object is finished afterwards. */
static gboolean
recover(const char *path, guint known, KcVaultRecovery *ret_recovery, GError **error)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_IO, "%s", g_strerror(errno));
        return FALSE;
    }
    return kc_vault_recover(fd, key, ID, known, NULL, NULL, NULL, ret_recovery, error);
}

/* Recovers what is on `folder`, lets the power go once more, and reads. */
static void
recover_and_cut(char *folder, const Acked *acked, const char *when)
{
    KcVaultRecovery recovery = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "object.kcv", NULL);
    gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
    ck_assert_msg(there || !acked->created, "%s: the file is gone", when);
    Disk *disk = disk_begin(folder);
    gboolean recovered = there && recover(path, acked->synced, &recovery, &error);
    disk_end(disk);
    ck_assert_msg(recovered || !there, "%s: %s", when, error != NULL ? error->message : "");
    if (!recovered || recovery.outcome == KC_VAULT_NOTHING_THERE) {
        ck_assert_msg(acked->synced == 0 && !acked->finished, "%s: nothing is left", when);
    } else {
        char *again = kc_test_dir_new();
        g_autofree char *after = g_build_filename(again, "object.kcv", NULL);
        disk_build(disk, disk_points(disk), DISK_SYNCED, again);
        read_whole(after, acked->finished ? CHUNKS : MAX(acked->synced, recovery.chunks), when);
        kc_test_dir_remove(again);
    }
    disk_free(disk);
}

static void
cut_power(Disk *disk, guint point, const Acked *acked, const char *what)
{
    for (guint variant = DISK_SYNCED; variant <= DISK_TORN + 3; variant++) {
        g_autofree char *when = g_strdup_printf("%s, operation %u, disk %u", what, point, variant);
        char *folder = kc_test_dir_new();
        disk_build(disk, point, variant, folder);
        recover_and_cut(folder, acked, when);
        kc_test_dir_remove(folder);
    }
}

static const struct {
    const char *name;
    gint kinds, error, times;
    gboolean half;
} faults[] = {
    {"write fails", FAULT_WRITE, EIO, 0, FALSE},
    {"disk full", FAULT_WRITE, ENOSPC, 0, FALSE},
    {"short write", FAULT_WRITE, ENOSPC, 0, TRUE},
    {"one short write", FAULT_WRITE, ENOSPC, 1, TRUE},
    {"one sync fails", FAULT_SYNC, EIO, 1, FALSE},
    {"syncs fail", FAULT_SYNC, EIO, 0, FALSE},
    {"no file", FAULT_CREATE, ENOSPC, 0, FALSE},
    {"torn, and can't be cut", FAULT_WRITE | FAULT_TRUNCATE, EIO, 0, TRUE},
};

/* Every fault at every call; then the process recovers the file itself, as the daemon does, and the power goes. */
START_TEST(every_call_fails_in_turn)
{
    guint points = 0;
    for (guint at = 1;; at++, points++) {
        Acked acked = {0};
        char *dir = kc_test_dir_new();
        g_autofree char *path = g_build_filename(dir, "object.kcv", NULL);
        Disk *disk = disk_begin(dir);
        fault_plan(dir, faults[_i].kinds, (gint)at, faults[_i].times, faults[_i].error, faults[_i].half);
        write_object(path, &acked);
        gboolean struck = fault_control()->failed > 0;
        fault_clear();
        KcVaultRecovery recovery = {0};
        g_autoptr(GError) error = NULL;
        if (acked.failed && acked.created) {
            ck_assert_msg(recover(path, acked.synced, &recovery, &error), "%s at %u: %s", faults[_i].name, at,
                          error != NULL ? error->message : "");
            acked.finished = recovery.outcome != KC_VAULT_NOTHING_THERE;
        }
        disk_end(disk);
        char *after = kc_test_dir_new();
        g_autofree char *there = g_build_filename(after, "object.kcv", NULL);
        disk_build(disk, disk_points(disk), DISK_SYNCED, after);
        if (acked.finished)
            read_whole(there, MAX(acked.synced, recovery.chunks), faults[_i].name);
        else
            ck_assert_uint_eq(acked.synced, 0);
        kc_test_dir_remove(after);
        disk_free(disk);
        kc_test_dir_remove(dir);
        if (!struck)
            break;
    }
    printf("vault, %s: %u points\n", faults[_i].name, points);
    fflush(stdout);
}
END_TEST

START_TEST(power_goes_at_every_operation)
{
    char *dir = kc_test_dir_new();
    g_autofree char *path = g_build_filename(dir, "object.kcv", NULL);
    Disk *disk = disk_begin(dir);
    Acked acked = {0};
    write_object(path, &acked);
    disk_end(disk);
    ck_assert(acked.finished);
    guint points = disk_points(disk);
    for (guint point = 0; point <= points; point++) {
        /* What was acknowledged by then: the n-th sync of the file. */
        Acked then = {0};
        for (guint i = 1; i <= point; i++) {
            g_autofree char *op = disk_describe(disk, i);
            then.created = then.created || g_str_has_prefix(op, "sync  ");
            if (g_str_has_prefix(op, "sync object.kcv"))
                then.synced = MIN(then.synced + 2, CHUNKS);
        }
        then.finished = point == points;
        cut_power(disk, point, &then, "power");
    }
    printf("vault, power: %u operations, %u disks each\n", points + 1, DISK_TORN + 4);
    disk_free(disk);
    kc_test_dir_remove(dir);
}
END_TEST

/* A recovery that fails at any call, or that the power ends, is run again. */
START_TEST(a_recovery_is_interrupted_at_every_call)
{
    guint points = 0;
    for (guint at = 1;; at++, points++) {
        Acked acked = {0};
        char *dir = kc_test_dir_new();
        g_autofree char *path = g_build_filename(dir, "object.kcv", NULL);
        fault_plan(dir, FAULT_SYNC, 4, 0, EIO, FALSE); /* the second of the chunks */
        write_object(path, &acked);
        fault_clear();
        Disk *disk = disk_begin(dir);
        KcVaultRecovery recovery = {0};
        fault_plan(dir, FAULT_ALL_WRITES, (gint)at, 0, _i == 0 ? EIO : ENOSPC, _i == 1);
        gboolean done = recover(path, acked.synced, &recovery, NULL);
        gboolean struck = fault_control()->failed > 0;
        fault_clear();
        disk_end(disk);
        ck_assert(done != struck);
        acked.finished = done;
        acked.created = TRUE;
        cut_power(disk, disk_points(disk), &acked, "recovery");
        disk_free(disk);
        kc_test_dir_remove(dir);
        if (!struck)
            break;
    }
    printf("vault, recovery: %u points\n", points);
}
END_TEST

static Suite *
vault_suite(void)
{
    Suite *suite = suite_create("fault/vault");
    TCase *tests = tcase_create("vault");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, every_call_fails_in_turn, 0, G_N_ELEMENTS(faults));
    tcase_add_test(tests, power_goes_at_every_operation);
    tcase_add_loop_test(tests, a_recovery_is_interrupted_at_every_call, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(vault_suite())
